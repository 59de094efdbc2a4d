"""Meetings, desktops and machines as property tests make them up."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.desktops import end_rules
from quadrangle.meetings.desktops.findings_model import (
    Answered,
    Launched,
    NotFound,
    NotMade,
    Placed,
    Pointed,
    Seen,
    Spent,
    Unrouted,
)
from quadrangle.meetings.desktops.model import Machine, MachineState, Placement
from quadrangle.meetings.model import (
    ENDS,
    Attempt,
    Desktop,
    DesktopState,
    Meeting,
    MeetingRole,
    Status,
)
from quadrangle.meetings.policy_model import MeetingPolicy

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
POLICY = MeetingPolicy()
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
roles = st.sampled_from(MeetingRole)
S = timedelta(seconds=1)


def text_at(seconds: float) -> str:
    return to_text(NOW + timedelta(seconds=seconds))


def meeting(**fields) -> Meeting:
    """A meeting that begins now, unless told otherwise."""
    values = {
        "meeting_id": "meeting-1",
        "teacher_name": "Ms Byron",
        "student_name": "Ada",
        "meet_time": text_at(0),
        "local_time": "2026-11-21T09:30:00",
        "time_zone": "UTC",
        "created_at": text_at(-3600),
        "counts_from": text_at(-3600),
        "jitsi_url": "https://meet.campus.example/meeting-1",
        "frontend_base_url": "https://campus.example/meeting",
    }
    return Meeting(**values | fields)


def attempt(number: int = 1, seconds: float = 0) -> Attempt:
    return Attempt(number, f"token-{number}", text_at(seconds), text_at(7200))


def desktop(role: MeetingRole, state: DesktopState, seconds: float = 0, **fields) -> Desktop:
    """A desktop that came to its state so many seconds from now, with what it has by then."""
    at = text_at(seconds)
    values: dict = {"wanted_at": at}
    order = list(DesktopState)[:5]
    reached = order.index(state) if state in order else 0
    if reached >= 1:
        values |= {"attempt": attempt(1, seconds), "launched_at": at}
    if reached >= 2:
        values |= {"machine_id": f"i-{role.value}", "running_at": at, "address": "10.0.0.1"}
    if reached >= 3:
        values |= {"link": f"https://{role.value}.campus.example:8443"}
    if reached >= 4:
        values |= {"healthy_at": at}
    return Desktop(role, fields.pop("generation", 1), state, at, **values | fields)


def both(state: DesktopState, seconds: float = 0, **fields) -> tuple[Desktop, Desktop]:
    teacher, student = (desktop(role, state, seconds, **fields) for role in MeetingRole)
    return teacher, student


def machine(role: MeetingRole, state: MachineState, address: str | None = "10.0.0.1") -> Machine:
    return Machine(f"i-{role.value}", "meeting-1", role, 1, "token-1", state, address)


seconds = st.integers(-4 * 3600, 4 * 3600)
machine_ids = st.sampled_from([None, "i-teacher", "i-student", "i-other"])
addresses = st.sampled_from([None, "10.0.0.1", "10.0.0.2"])
attempts = st.builds(attempt, st.integers(1, 10), seconds)
texts = seconds.map(text_at)


@st.composite
def desktops_of(draw: st.DrawFn, role: MeetingRole) -> Desktop:
    """Any desktop at all, also such as no meeting ever has."""
    return Desktop(
        role=role,
        generation=draw(st.integers(1, 3)),
        state=draw(st.sampled_from(DesktopState)),
        since=draw(texts),
        wanted_at=draw(texts),
        attempt=draw(st.none() | attempts),
        machine_id=draw(machine_ids),
        address=draw(addresses),
        link=draw(st.sampled_from([None, "https://x:8443"])),
        launched_at=draw(st.none() | texts),
        running_at=draw(st.none() | texts),
        healthy_at=draw(st.none() | texts),
        checked_at=draw(st.none() | texts),
        failed_checks=draw(st.integers(0, 3)),
        failures=draw(st.integers(0, 4)),
    )


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    """Any meeting at all; one that is over has no desktop on its way."""
    desktops = [
        draw(desktops_of(role)) for role in MeetingRole for _ in range(draw(st.integers(0, 2)))
    ]
    unique = {(each.role, each.generation): each for each in desktops}
    joined = draw(st.sets(roles))
    status = draw(st.sampled_from(Status))
    if status in ENDS:
        unique = {key: end_rules.drained(each, "Over.", NOW) for key, each in unique.items()}
    return meeting(
        meet_time=draw(texts),
        counts_from=draw(texts),
        minutes=draw(st.integers(5, 240)),
        extended_minutes=draw(st.integers(0, 60)),
        status=status,
        desktops=tuple(unique.values()),
        joined_at=text_at(0) if joined else None,
        joined_roles=tuple(joined),
        released=tuple(draw(st.sets(roles)) - joined) if joined else (),
        ended_at=text_at(0) if status in ENDS else None,
    )


numbers = st.integers(1, 10)
findings = st.one_of(
    st.builds(Placed, st.builds(Placement, st.sampled_from(["", "zone-a"]))),
    st.builds(Launched, numbers, st.sampled_from(["i-teacher", "i-other"])),
    st.builds(NotMade, numbers, st.just("There is no room."), st.booleans()),
    st.builds(Spent, numbers),
    st.builds(NotFound, numbers),
    st.builds(
        Seen, st.none() | st.builds(machine, roles, st.sampled_from(MachineState), addresses)
    ),
    st.builds(Pointed, st.sampled_from(["10.0.0.1", "10.0.0.2"]), st.just("https://y:8443")),
    st.builds(Unrouted),
    st.builds(Answered, st.booleans()),
)
