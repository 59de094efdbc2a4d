"""What a meeting is. Frozen values; instants are texts as kernel.clock.to_text writes them."""

from enum import StrEnum

import msgspec


class MeetingRole(StrEnum):
    """The two sides of a meeting. Not an account's role: a link gives it, whoever holds it."""

    TEACHER = "teacher"
    STUDENT = "student"


class Status(StrEnum):
    """Where a meeting is. Derived from its two desktops until people or clocks end it."""

    SCHEDULED = "SCHEDULED"
    LAUNCHED = "LAUNCHED"  # both desktops were started
    DNS_WRITTEN = "DNS_WRITTEN"  # both are reachable by name
    HEALTHY = "HEALTHY"  # both answer their health check
    IN_PROGRESS = "IN_PROGRESS"  # somebody joined
    DEGRADED = "DEGRADED"  # joined, and a desktop was lost: a new one is coming
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"  # nobody came
    FAILED = "FAILED"  # no desktop could be made


ENDS = frozenset({Status.ENDED, Status.CANCELLED, Status.EXPIRED, Status.FAILED})


def other_side(role: MeetingRole) -> MeetingRole:
    """Return the one who is met."""
    return MeetingRole.STUDENT if role is MeetingRole.TEACHER else MeetingRole.TEACHER


class Workspace(StrEnum):
    """What each of the two gets for the hour."""

    DESKTOP = "desktop"
    TERMINAL = "terminal"


class DesktopState(StrEnum):
    """The life of one desktop; states only move on, or aside to DRAINING."""

    WANTED = "WANTED"
    LAUNCHING = "LAUNCHING"  # an attempt was committed; the provider may or may not have heard
    RUNNING = "RUNNING"  # the provider says so
    ROUTED = "ROUTED"  # its name leads to it
    HEALTHY = "HEALTHY"  # it answered its health check
    DRAINING = "DRAINING"  # its name is being taken off
    TERMINATING = "TERMINATING"
    GONE = "GONE"
    FAILED = "FAILED"  # attempts used up; nothing runs


# On the way to HEALTHY, or there.
LIVING = frozenset(
    {
        DesktopState.WANTED,
        DesktopState.LAUNCHING,
        DesktopState.RUNNING,
        DesktopState.ROUTED,
        DesktopState.HEALTHY,
    }
)
# Nothing runs, nothing leads to it, and nothing is left to do.
SETTLED = frozenset({DesktopState.GONE, DesktopState.FAILED})


class Attempt(msgspec.Struct, frozen=True):
    """One call to the provider, committed before it is made and repeated exactly.

    `number` counts from 1 within a generation; `token` is the idempotency token of the call,
    `ends_at`, `zone` and `machine_type` its other parameters, the latter two empty where a
    provider knows none.
    """

    number: int
    token: str
    begun_at: str
    ends_at: str
    zone: str = ""
    machine_type: str = ""


class Desktop(msgspec.Struct, frozen=True):
    """One generation of one side's desktop (or terminal).

    `machine_id` is the provider's name of it, known once a launch was answered. A name may lead to
    its `address` as long as there is one here; `link` is where its person opens it. `since` is when
    `state` began, `wanted_at` when the generation did, `launched_at` when the provider was first
    asked for it, `running_at` when it was first seen running. `failed_checks` counts health checks
    failed in a row, the last of them at `checked_at`; `failures` how many generations in a row, up
    to this one, ended before they were healthy. `reason` is why it is being ended, or failed.
    """

    role: MeetingRole
    generation: int
    state: DesktopState
    since: str
    wanted_at: str
    attempt: Attempt | None = None
    machine_id: str | None = None
    address: str | None = None
    link: str | None = None
    launched_at: str | None = None
    running_at: str | None = None
    healthy_at: str | None = None
    checked_at: str | None = None
    failed_checks: int = 0
    failures: int = 0
    reason: str | None = None

    @property
    def is_living(self) -> bool:
        return self.state in LIVING

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class Tally(msgspec.Struct, frozen=True):
    """What has been done with a meeting, for what bounds it.

    `by_student` counts its student's moves, `hurried` those to a time whose desktops are launched
    at once. `lately` is when its teacher last moved it or renewed its links. `given_back`: it was
    its student who called it off.
    """

    by_student: int = 0
    hurried: int = 0
    lately: tuple[str, ...] = ()
    given_back: bool = False


class Meeting(msgspec.Struct, frozen=True):
    """One meeting with everything that decides about it. `version` grows with every write.

    `meet_time` is the start in UTC; `local_time` (wall clock, no offset) and `time_zone` are what
    people meant. `counts_from` is when it was scheduled or last moved: windows count from `begins`,
    the later of that and the start. `minutes` is its length, `extended_minutes` what was added in
    session. With `exclusive` its hour of the teacher is nobody else's. `sequence` is the SEQUENCE
    of the last calendar invitation, `link_generation` the one that valid links carry.

    `desktops` holds every generation that is not known to be gone for good, and the last one of
    each side. `joined_roles` are the sides that have joined, `released` those whose desktop was
    ended because their person had not come. `look_at` is from when a sweep looks at it, None once
    nothing is left to do.
    """

    meeting_id: str
    teacher_name: str
    student_name: str
    meet_time: str
    local_time: str
    time_zone: str
    created_at: str
    counts_from: str
    jitsi_url: str
    frontend_base_url: str
    status: Status = Status.SCHEDULED
    minutes: int = 60
    extended_minutes: int = 0
    workspace: Workspace = Workspace.DESKTOP
    teacher_id: str | None = None
    student_id: str | None = None
    created_by: str | None = None
    link_generation: int = 1
    sequence: int = 0
    series_id: str | None = None
    exclusive: bool = False
    desktops: tuple[Desktop, ...] = ()
    joined_at: str | None = None
    joined_roles: tuple[MeetingRole, ...] = ()
    released: tuple[MeetingRole, ...] = ()
    ended_at: str | None = None
    end_reason: str | None = None
    look_at: str | None = None
    tally: Tally = Tally()
    version: int = 1

    @property
    def is_over(self) -> bool:
        return self.status in ENDS

    @property
    def begins(self) -> str:
        return max(self.meet_time, self.counts_from)

    def desktop(self, role: MeetingRole) -> Desktop | None:
        """Return the newest generation of a side's desktop."""
        mine = [each for each in self.desktops if each.role is role]
        return max(mine, key=lambda each: each.generation, default=None)


class Right(StrEnum):
    """What the holder of a ticket may do on a desktop."""

    CONTROL = "control"
    WATCH = "watch"
