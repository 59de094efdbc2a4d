"""What a meeting can be when it is scheduled."""

from datetime import datetime

import msgspec

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotFound, NotSignedIn
from quadrangle.kernel.principal import Principal, Role
from quadrangle.kernel.text import Checked
from quadrangle.meetings.joining.acting_rules import is_person
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import Meeting, MeetingRole, Workspace
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.scheduling import time_rules as times
from quadrangle.meetings.scheduling.address_rules import origin_of, page_of
from quadrangle.meetings.scheduling.claims_model import HourClaim
from quadrangle.meetings.scheduling.time_rules import MeetTime
from quadrangle.meetings.scope_model import SCHEDULE_SCOPE
from quadrangle.meetings.status_rules import fact, look_at_of
from quadrangle.meetings.window_rules import ends_at

MAX_NAME = 100
MANAGE_SCOPE = "meetings:manage"  # to see, move, end all meetings
_SCHEDULERS = frozenset({Role.TEACHER, Role.STAFF, Role.ADMIN})


class NewMeeting(msgspec.Struct, frozen=True):
    """What is asked for. Ids are accounts'; `minutes` None is the usual length. With `exclusive`,
    no other meeting that is booked may overlap it."""

    teacher_name: str
    student_name: str
    meet_time: str
    frontend_base_url: str
    time_zone: str | None = None
    minutes: int | None = None
    workspace: Workspace = Workspace.DESKTOP
    teacher_id: str | None = None
    student_id: str | None = None
    series_id: str | None = None
    exclusive: bool = False


USUAL_MINUTES = 60


def schedule(
    new: NewMeeting,
    meeting_id: str,
    addresses: MeetingAddresses,
    actor: Principal,
    now: datetime,
    policy: MeetingPolicy,
) -> Told:
    """Return the meeting, and what is told of it. Raises InvalidInput with every faulty field."""
    checked = Checked()
    teacher = checked.line("teacher_name", new.teacher_name, MAX_NAME)
    student = checked.line("student_name", new.student_name, MAX_NAME)
    minutes = _minutes(checked, new.minutes, policy)
    page = _page(checked, new.frontend_base_url, addresses)
    start = _start(checked, new.meet_time, new.time_zone, now, policy)
    if checked.errors or start is None:
        raise InvalidInput(checked.errors)
    at = to_text(now)
    meeting = Meeting(
        meeting_id=meeting_id,
        teacher_name=teacher,
        student_name=student,
        meet_time=to_text(start.at),
        local_time=start.local_time,
        time_zone=start.time_zone,
        created_at=at,
        counts_from=at,
        jitsi_url=addresses.room(meeting_id),
        frontend_base_url=page,
        minutes=minutes,
        workspace=new.workspace,
        teacher_id=new.teacher_id,
        student_id=new.student_id,
        created_by=actor.account_id,
        series_id=new.series_id,
        exclusive=new.exclusive,
    )
    meeting = msgspec.structs.replace(meeting, look_at=look_at_of(meeting, policy))
    data = {"meetTime": meeting.meet_time, "minutes": minutes, "sequence": 0}
    return meeting, [fact("meeting.scheduled", meeting, data, actor, at)]


def new_time(
    meet_time: str,
    time_zone: str | None,
    minutes: int | None,
    meeting: Meeting,
    now: datetime,
    policy: MeetingPolicy,
) -> tuple[MeetTime, int]:
    """Return when and for how long a meeting is moved to. Raises InvalidInput."""
    checked = Checked()
    length = meeting.minutes if minutes is None else _minutes(checked, minutes, policy)
    start = _start(checked, meet_time, time_zone, now, policy)
    if checked.errors or start is None:
        raise InvalidInput(checked.errors)
    return start, length


def require_may_schedule(actor: Principal, rights: MeetingRights) -> None:
    """Raise NotSignedIn or Forbidden for who may not schedule meetings."""
    if rights.anyone_schedules:
        return
    if actor.scopes is not None:
        if SCHEDULE_SCOPE in actor.scopes:
            return
        raise Forbidden("This key may not schedule meetings.")
    if actor.role is None:
        raise NotSignedIn("Please sign in to schedule a meeting.")
    if actor.role not in _SCHEDULERS:
        raise Forbidden("This is for teachers and staff.")


def require_own_teacher(teacher_id: str | None, actor: Principal) -> None:
    """Raise Forbidden for who takes the hours of another teacher and is no staff."""
    if teacher_id is not None and teacher_id != actor.account_id and not sees_all(actor):
        raise Forbidden("Only staff can schedule meetings of other teachers.")


def may_see(meeting: Meeting, actor: Principal) -> bool:
    """Tell whether someone who is signed in may know of a meeting."""
    mine = (meeting.teacher_id, meeting.student_id, meeting.created_by)
    return sees_all(actor) or (actor.account_id is not None and actor.account_id in mine)


def require_may_manage(meeting: Meeting, side: MeetingRole | None, actor: Principal) -> None:
    """Raise NotSignedIn, Forbidden or NotFound unless a meeting is someone's to move and end.

    `side` is the one whose link the caller holds. Whoever may not know of it hears that there is
    none.
    """
    if side is MeetingRole.TEACHER or sees_all(actor):
        return
    mine = (meeting.teacher_id, meeting.created_by)
    if actor.account_id is not None and actor.account_id in mine:
        return
    if side is not None or may_see(meeting, actor):
        raise Forbidden("This is for the teacher of the meeting.")
    if actor.role is None:
        raise NotSignedIn()
    raise NotFound("Meeting not found")


def require_may_renew(meeting: Meeting, actor: Principal) -> None:
    """Raise Forbidden unless someone may have the links renewed: whoever got hold of the teacher's
    link may not, where the teacher has an account."""
    if not is_person(meeting, MeetingRole.TEACHER, actor) and not sees_all(actor):
        raise Forbidden("Please sign in as the teacher of the meeting to have new links.")


def sees_all(actor: Principal) -> bool:
    """Tell whether all meetings are someone's to see and manage."""
    return actor.is_staff and (actor.scopes is None or MANAGE_SCOPE in actor.scopes)


def own_hour(meeting: Meeting) -> list[HourClaim]:
    """Return the hour a meeting takes of its teacher."""
    if meeting.teacher_id is None:
        return []
    return [
        HourClaim(meeting.teacher_id, meeting.begins, to_text(ends_at(meeting)), meeting.exclusive)
    ]


def _minutes(checked: Checked, minutes: int | None, policy: MeetingPolicy) -> int:
    if minutes is None:
        return min(USUAL_MINUTES, policy.longest_minutes)
    if not policy.shortest_minutes <= minutes <= policy.longest_minutes:
        checked.fault(
            "minutes",
            f"Please give {policy.shortest_minutes} to {policy.longest_minutes} minutes.",
        )
    return minutes


def _page(checked: Checked, address: str, addresses: MeetingAddresses) -> str:
    origins = (origin_of(each) for each in (addresses.public_url, *addresses.origins))
    try:
        return page_of(address, frozenset(origin for origin in origins if origin))
    except InvalidInput as error:
        checked.errors += error.errors
        return ""


def _start(
    checked: Checked, meet_time: str, time_zone: str | None, now: datetime, policy: MeetingPolicy
) -> MeetTime | None:
    try:
        start = times.resolve(meet_time, time_zone)
    except InvalidInput as error:
        checked.errors += error.errors
        return None
    if start.at < now - policy.furthest_past:
        checked.fault("meet_time", "This time is long past.")
    elif start.at > now + policy.furthest_ahead:
        checked.fault("meet_time", "This time is too far ahead.")
    return start
