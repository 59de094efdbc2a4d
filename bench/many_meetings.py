"""Databases with many meetings that are still to come, for the measurements of meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.model import Meeting, Workspace
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.settling.watching import LAUNCH, SAFETY_NET, launch_name, safety_net_name
from quadrangle.meetings.window_rules import expires_at, launch_at
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.meetings.store import SqlMeetingStore

BATCH = 2_000
PAGE = "http://127.0.0.1/meeting"
POLICY = MeetingPolicy()
_ADDRESSES = MeetingAddresses(public_url="http://127.0.0.1", origins=(), jitsi_domain="")
_STAFF = Principal("Bench", Role.STAFF, account_id="bench")
_HOURS_A_DAY = 8
_FIRST_HOUR = 8
_FIRST_DAY = 3  # nothing begins while something is measured


def spread(count: int, teachers: int) -> Iterator[NewMeeting]:
    """Yield meetings of many teachers, eight a day and teacher, from three days ahead on."""
    midnight = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(count):
        turn, teacher = divmod(number, teachers)
        day, hour = divmod(turn, _HOURS_A_DAY)
        start = midnight + timedelta(days=_FIRST_DAY + day, hours=_FIRST_HOUR + hour)
        yield new_meeting(start, f"teacher-{teacher}", f"student-{number % 5_000}")


def new_meeting(start: datetime, teacher_id: str, student_id: str) -> NewMeeting:
    """Return a meeting of an hour as it is asked for."""
    return NewMeeting(
        teacher_name="Ada Teacher",
        student_name="Sam Student",
        meet_time=to_text(start),
        frontend_base_url=PAGE,
        minutes=60,
        workspace=Workspace.TERMINAL,
        teacher_id=teacher_id,
        student_id=student_id,
    )


async def save(database: Database, wanted: Iterator[NewMeeting]) -> None:
    """Save meetings with their hours and their two schedules, as following their changes would."""
    clock = SystemClock()
    store, jobs = SqlMeetingStore(database), SqlJobs(database, clock)
    batch: list[Meeting] = []

    async def flush() -> None:
        claims = {each.meeting_id: scheduling_rules.own_hour(each) for each in batch}
        await store.add(batch, [], claims)
        await jobs.put(*(job for each in batch for job in _schedules(each)))
        batch.clear()

    for new in wanted:
        now = clock.now()
        meeting, _ = scheduling_rules.schedule(new, new_id(), _ADDRESSES, _STAFF, now, POLICY)
        batch.append(meeting)
        if len(batch) == BATCH:
            await flush()
    if batch:
        await flush()
    await database.write(lambda c: c.exec_driver_sql("ANALYZE"))


def _schedules(meeting: Meeting) -> list[NewJob]:
    name, payload = meeting.meeting_id, {"meeting_id": meeting.meeting_id}
    return [
        NewJob(LAUNCH, payload, launch_at(meeting, POLICY), launch_name(name)),
        NewJob(SAFETY_NET, payload, expires_at(meeting, POLICY), safety_net_name(name)),
    ]
