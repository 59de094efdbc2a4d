"""What people do to a meeting: (meeting, command, now) -> what it becomes and what is told of it.

Ends absorb: whatever is asked of a meeting that is over is Gone. `status_rules.decide` makes of
the results what is saved.
"""

from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.kernel.text import Checked
from quadrangle.meetings import tally_rules
from quadrangle.meetings.desktops import end_rules
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.scheduling.time_rules import MeetTime
from quadrangle.meetings.status_rules import fact, with_desktop
from quadrangle.meetings.window_rules import is_past

Told = tuple[Meeting, list[Change]]

OVER = {
    Status.ENDED: "This meeting has ended.",
    Status.CANCELLED: "This meeting was cancelled.",
    Status.EXPIRED: "This meeting is over: nobody joined it in time.",
    Status.FAILED: "This meeting could not take place: no desktop could be made.",
}
_KINDS = {
    Status.ENDED: "meeting.ended",
    Status.CANCELLED: "meeting.cancelled",
    Status.EXPIRED: "meeting.expired",
    Status.FAILED: "meeting.failed",
}
MOVED = "The meeting was moved."
CANCELLED = "The meeting was cancelled."
FORCED = "Staff ended the meeting."
LEFT = "One of the two closed their account."
MAX_REASON = 300
# Stands where a name was whose account was closed.
FORMER = "Former member"


def require_open(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> None:
    """Raise Gone for a meeting that is over, also where only the clock knows so far."""
    if meeting.is_over:
        raise Gone(OVER[meeting.status])
    if is_past(meeting, now, policy):
        joined = meeting.joined_at is not None
        raise Gone(OVER[Status.ENDED if joined else Status.EXPIRED])


def move(
    meeting: Meeting,
    to: MeetTime,
    minutes: int,
    actor: Principal,
    now: datetime,
    policy: MeetingPolicy,
) -> Told:
    """Have it at another time, before anyone joined; what was launched is ended.

    Raises Gone, Conflict: also where it was moved too often to a time that is almost here.
    """
    require_open(meeting, now, policy)
    _require_unjoined(meeting, "People have joined this meeting: it can no longer be moved.")
    at = to_text(now)
    moved = msgspec.structs.replace(
        meeting,
        meet_time=to_text(to.at),
        local_time=to.local_time,
        time_zone=to.time_zone,
        minutes=minutes,
        counts_from=at,
        sequence=meeting.sequence + 1,
        status=Status.SCHEDULED,
        desktops=tuple(
            msgspec.structs.replace(end_rules.drained(each, MOVED, now), failures=0)
            for each in meeting.desktops
        ),
    )
    moved = tally_rules.hurried(moved, now, policy)
    data = {"old": meeting.meet_time, "new": moved.meet_time, "sequence": moved.sequence}
    return moved, [fact("meeting.moved", moved, data, actor, at)]


def cancel(meeting: Meeting, actor: Principal, now: datetime, policy: MeetingPolicy) -> Told:
    """Take it off before anyone joined. Raises Gone, Conflict."""
    require_open(meeting, now, policy)
    _require_unjoined(meeting, "People have joined this meeting: please end it instead.")
    called_off = msgspec.structs.replace(meeting, sequence=meeting.sequence + 1)
    return ended(called_off, Status.CANCELLED, CANCELLED, actor, now)


def end(
    meeting: Meeting, reason: str, actor: Principal, now: datetime, policy: MeetingPolicy
) -> Told:
    """End a meeting that somebody joined. Raises Gone, Conflict."""
    require_open(meeting, now, policy)
    if meeting.joined_at is None:
        raise Conflict("Nobody has joined this meeting: please cancel it instead.")
    return ended(meeting, Status.ENDED, reason, actor, now)


def extend(
    meeting: Meeting, minutes: int, actor: Principal, now: datetime, policy: MeetingPolicy
) -> Told:
    """Give a meeting that people have joined more time, within a bound.

    Raises Gone, Conflict, InvalidInput.
    """
    require_open(meeting, now, policy)
    if minutes < 1:
        raise InvalidInput.at("minutes", "Please give at least one minute.")
    if meeting.joined_at is None:
        raise Conflict("Nobody has joined this meeting: please move it instead.")
    extended = meeting.extended_minutes + minutes
    if extended > policy.max_extension_minutes:
        left = policy.max_extension_minutes - meeting.extended_minutes
        raise Conflict(f"This meeting can be extended by {left} minutes at most.")
    longer = msgspec.structs.replace(meeting, extended_minutes=extended)
    data = {"minutes": minutes, "extendedMinutes": extended}
    return longer, [fact("meeting.extended", longer, data, actor, to_text(now))]


def renew_links(meeting: Meeting, actor: Principal, now: datetime, policy: MeetingPolicy) -> Told:
    """Have all links of a meeting end; new ones take their place, in calendars too.

    Raises Gone, TooManyRequests.
    """
    require_open(meeting, now, policy)
    meeting = tally_rules.changed(meeting, now, policy)
    renewed = msgspec.structs.replace(
        meeting, link_generation=meeting.link_generation + 1, sequence=meeting.sequence + 1
    )
    data = {"sequence": renewed.sequence}
    return renewed, [fact("meeting.links-renewed", renewed, data, actor, to_text(now))]


def retry(
    meeting: Meeting, role: MeetingRole, actor: Principal, now: datetime, policy: MeetingPolicy
) -> Told:
    """Have a side's desktop made anew, whatever became of it. Raises Gone."""
    require_open(meeting, now, policy)
    desktop = meeting.desktop(role)
    retried = msgspec.structs.replace(
        meeting, released=tuple(each for each in meeting.released if each is not role)
    )
    if desktop is not None:
        again = end_rules.drained(desktop, "It is made anew.", now)
        if again.state is DesktopState.FAILED:
            again = msgspec.structs.replace(again, state=DesktopState.GONE)
        retried = with_desktop(retried, msgspec.structs.replace(again, failures=0))
    return retried, [fact("meeting.retried", retried, {"role": role}, actor, to_text(now))]


def look_again(meeting: Meeting, actor: Principal, now: datetime) -> Told:
    """Have a meeting looked at at once. It stays as it is. Raises Gone where nothing is left."""
    if meeting.is_over and all(each.is_settled for each in meeting.desktops):
        raise Gone(OVER[meeting.status])
    return meeting, [fact("meeting.retried", meeting, {"role": None}, actor, to_text(now))]


def forced_reason(text: str) -> str:
    """Return why staff ends a meeting, as people read it. Raises InvalidInput."""
    checked = Checked()
    words = checked.line("reason", text, MAX_REASON)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return words


def words_of_staff(meeting: Meeting) -> str | None:
    """Return why staff ended a meeting, as its people read it; None where staff did not."""
    reason = meeting.end_reason or ""
    return reason if reason.startswith(FORCED) else None


def force_end(meeting: Meeting, reason: str, actor: Principal, now: datetime) -> Told:
    """End a meeting for staff, also one that only the clock says is over. Raises Gone.

    The reason stands in the meeting for its people; the audit keeps who did it.
    """
    if meeting.is_over:
        raise Gone(OVER[meeting.status])
    joined = meeting.joined_at is not None
    if not joined:
        meeting = msgspec.structs.replace(meeting, sequence=meeting.sequence + 1)
    status = Status.ENDED if joined else Status.CANCELLED
    over, told = ended(meeting, status, FORCED, actor, now)
    over = msgspec.structs.replace(over, end_reason=f"{FORCED} {reason}")
    forced = fact("meeting.force-ended", over, {"status": status}, actor, to_text(now))
    return over, [forced, *told]


def forget(meeting: Meeting, account_id: str, now: datetime) -> Told:
    """Take the name of a closed account from a meeting; one that has not begun is cancelled."""
    names = {}
    if meeting.teacher_id == account_id:
        names["teacher_name"] = FORMER
    if meeting.student_id == account_id:
        names["student_name"] = FORMER
    forgotten = msgspec.structs.replace(meeting, **names)
    if meeting.is_over or meeting.joined_at is not None:
        return forgotten, []
    off = msgspec.structs.replace(forgotten, sequence=meeting.sequence + 1)
    return ended(off, Status.CANCELLED, LEFT, SYSTEM, now)


def rename(meeting: Meeting, account_id: str, name: str, now: datetime) -> Told:
    """Have the sides of a meeting that are an account bear its present name."""
    renamed = meeting
    if meeting.teacher_id == account_id:
        renamed = msgspec.structs.replace(renamed, teacher_name=name)
    if meeting.student_id == account_id:
        renamed = msgspec.structs.replace(renamed, student_name=name)
    if renamed == meeting:
        return meeting, []
    return renamed, [fact("meeting.renamed", renamed, {}, SYSTEM, to_text(now))]


def ended(meeting: Meeting, status: Status, reason: str, actor: Principal, now: datetime) -> Told:
    """Have a meeting over, and whatever runs for it ended."""
    at = to_text(now)
    over = msgspec.structs.replace(
        meeting,
        status=status,
        ended_at=at,
        end_reason=reason,
        desktops=tuple(end_rules.drained(each, reason, now) for each in meeting.desktops),
    )
    data = {"reason": reason, "sequence": over.sequence}
    return over, [fact(_KINDS[status], over, data, actor, at)]


def released(meeting: Meeting, role: MeetingRole, reason: str, now: datetime) -> Meeting:
    """Have a side's desktop ended while the meeting goes on."""
    return msgspec.structs.replace(
        meeting,
        released=(*meeting.released, role),
        desktops=tuple(
            end_rules.drained(each, reason, now) if each.role is role else each
            for each in meeting.desktops
        ),
    )


def _require_unjoined(meeting: Meeting, sentence: str) -> None:
    if meeting.joined_at is not None:
        raise Conflict(sentence)
