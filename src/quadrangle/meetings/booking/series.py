"""Scheduling a weekly series: all of its meetings, or none."""

from datetime import timedelta

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Gone
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.booking import series_rules
from quadrangle.meetings.booking.finding import meetings_between
from quadrangle.meetings.booking.model import Busy
from quadrangle.meetings.booking.series_rules import Repeat, SeriesClash
from quadrangle.meetings.booking.taking_rules import busy_with
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.policy_model import MeetingRights
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling import time_rules as times
from quadrangle.meetings.scheduling.claims_model import HourClaim, HourTaken
from quadrangle.meetings.scheduling.rules import USUAL_MINUTES, NewMeeting
from quadrangle.meetings.scheduling.scheduling import Caller, Scheduling
from quadrangle.meetings.scheduling.time_rules import MeetTime
from quadrangle.meetings.window_rules import ends_at
from quadrangle.meetings.writing import existing

_LONGEST_MINUTES = 24 * 60
# What was scheduled for up to a day ago begins when it was, and lasts as long from then.
_AROUND = timedelta(minutes=2 * _LONGEST_MINUTES)
# From one meeting of a series to any later one, also where that was moved by months.
_LONGEST_SERIES = timedelta(days=366)


class SeriesScheduling:
    """Schedules series. Each meeting of one is then moved and called off by itself."""

    def __init__(
        self, meetings: MeetingStore, scheduling: Scheduling, rights: MeetingRights
    ) -> None:
        self._meetings = meetings
        self._scheduling = scheduling
        self._rights = rights

    async def schedule(self, new: NewMeeting, repeat: Repeat, actor: Principal) -> list[Meeting]:
        """Save the meetings of a series that begins with `new`, and return them in order.

        Unlike a single meeting of a teacher's own, none may overlap another of either person's.
        Raises NotSignedIn, Forbidden, InvalidInput, SeriesClash with those that do, NoRoomThen,
        Unavailable.
        """
        scheduling_rules.require_may_schedule(actor, self._rights)
        scheduling_rules.require_own_teacher(new.teacher_id, actor)
        first = times.resolve(new.meet_time, new.time_zone)
        series = series_rules.occurrences(first, repeat)
        common = msgspec.structs.replace(
            _of_teacher(new, actor), series_id=new_id(), exclusive=True
        )
        await self._require_apart(common, series)
        meetings = [_at(common, each) for each in series]
        try:
            return await self._scheduling.schedule_all(meetings, actor, hours_of_both)
        except HourTaken:  # since we looked
            await self._require_apart(common, series)
            raise

    async def cancel_following(self, meeting_id: str, actor: Principal) -> list[Meeting]:
        """Take a meeting of a series off, and all of it that begin later; return those taken off.

        What somebody joined and what is over stays. Raises NotSignedIn, Forbidden, NotFound,
        Conflict for a meeting of no series, Unavailable.
        """
        meeting = await existing(self._meetings, meeting_id)
        scheduling_rules.require_may_manage(meeting, None, actor)
        if meeting.series_id is None:
            raise Conflict("This meeting is not one of a series.")
        cancelled: list[Meeting] = []
        for each in await self._following(meeting):
            try:
                cancelled.append(await self._scheduling.cancel(each.meeting_id, Caller(actor)))
            except (Conflict, Gone):  # somebody joined it meanwhile, or it is over
                continue
        return cancelled

    async def _following(self, meeting: Meeting) -> list[Meeting]:
        """Return the meetings of a series that are not over, from one on, in order.

        They are found among those of a person, which has an index; where neither has an account,
        among everyone's.
        """
        person_id = meeting.teacher_id or meeting.student_id
        first = from_text(meeting.meet_time)
        found = await meetings_between(self._meetings, person_id, first, first + _LONGEST_SERIES)
        return [each for each in found if each.series_id == meeting.series_id and not each.is_over]

    async def _require_apart(self, new: NewMeeting, series: list[MeetTime]) -> None:
        # what is too long is refused when they are made
        wanted = USUAL_MINUTES if new.minutes is None else new.minutes
        minutes = max(0, min(wanted, _LONGEST_MINUTES))
        busy: list[Busy] = []
        for person_id in filter(None, (new.teacher_id, new.student_id)):
            first, last = series[0].at - _AROUND, series[-1].at + _AROUND
            found = await meetings_between(self._meetings, person_id, first, last)
            busy += busy_with(found, buffer=0)
        clashing = series_rules.clashes(series, minutes, busy)
        if clashing:
            raise SeriesClash(clashing)


def hours_of_both(meeting: Meeting) -> list[HourClaim]:
    """Return what a meeting takes of the time of both, where they have accounts."""
    ends = to_text(ends_at(meeting))
    people = filter(None, (meeting.teacher_id, meeting.student_id))
    return [HourClaim(each, meeting.begins, ends, meeting.exclusive) for each in people]


def _of_teacher(new: NewMeeting, actor: Principal) -> NewMeeting:
    """A teacher who names no other account schedules meetings of their own."""
    if new.teacher_id is not None or actor.role is not Role.TEACHER:
        return new
    return msgspec.structs.replace(new, teacher_id=actor.account_id)


def _at(new: NewMeeting, time: MeetTime) -> NewMeeting:
    return msgspec.structs.replace(new, meet_time=to_text(time.at), time_zone=time.time_zone)
