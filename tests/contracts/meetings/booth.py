"""Booking as one process has it, on a database that others may share."""

from datetime import timedelta

from quadrangle.kernel.clock import ManualClock, from_text, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.booking.changing import Changing
from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.looking import Looking
from quadrangle.meetings.booking.model import BookingRules, WeeklyPeriod
from quadrangle.meetings.booking.publishing import Publishing
from quadrangle.meetings.booking.series import SeriesScheduling
from quadrangle.meetings.booking.taking import Taking
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import MeetingQuery
from quadrangle.meetings.scheduling.claims_model import RoomLimit
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.scheduling.scheduling import Scheduling
from tests.meeting_stores import MeetingStores

SITE = "https://meet.campus.example"
PAGE = f"{SITE}/join"
POLICY = MeetingPolicy()
ADA = Principal("Ada Lovelace", Role.TEACHER, new_id())
STUDENTS = [Principal(f"Student {n}", Role.STUDENT, new_id()) for n in range(20)]
BO, CY = STUDENTS[:2]
# The clock of the tests begins on Saturday, 21 November 2026, 09:30 UTC.
MONDAY_9, MONDAY_10 = "2026-11-23T08:00:00.000Z", "2026-11-23T09:00:00.000Z"
NEXT_MONDAY_9 = "2026-11-30T08:00:00.000Z"
RULES = BookingRules(booking_notice=60, moving_notice=60, cancelling_notice=60)

WEEKLY = NewMeeting(
    "Ada Lovelace",
    "Bo",
    "2027-03-15T09:00",
    PAGE,
    time_zone="Europe/Berlin",
    student_id=BO.account_id,
)


class Roles:
    """The people there are: teachers, unless told otherwise."""

    def __init__(self) -> None:
        self.others: dict[str, Role | None] = {}

    async def role_of(self, account_id: str) -> Role | None:
        return self.others.get(account_id, Role.TEACHER)


class Booth:
    """The services of one process."""

    def __init__(self, stores: MeetingStores, clock: ManualClock, limit: RoomLimit | None = None):
        self.stores, self.clock = stores, clock
        self.meetings, hours = stores.meetings, stores.hours
        addresses = MeetingAddresses(SITE)
        self.roles = Roles()
        self.publishing = Publishing(hours, clock, POLICY)
        self.looking = Looking(hours, self.meetings, self.roles, clock, POLICY)
        self.taking = Taking(
            hours, self.meetings, self.roles, addresses, PAGE, clock, POLICY, lambda: limit
        )
        self.changing = Changing(hours, self.meetings, self.roles, clock, POLICY, lambda: limit)
        rights = MeetingRights()
        self.scheduling = Scheduling(self.meetings, addresses, rights, clock, POLICY)
        self.series = SeriesScheduling(self.meetings, self.scheduling, rights)

    async def publish(self, rules: BookingRules = RULES, **fields) -> None:
        weekly = tuple(WeeklyPeriod(day, "09:00", "12:00") for day in range(5))
        new = {"time_zone": "Europe/Berlin", "minutes": 60, "weekly": weekly, "rules": rules}
        await self.publishing.publish(NewHours(**new | fields), ADA)

    async def take(self, starts_at: str, student: Principal = BO, **wanted) -> Meeting:
        return await self.taking.take(ADA.account_id, starts_at, student, **wanted)

    async def open(self, day: str, student: Principal = BO) -> list[str]:
        """The wall times of the hours that are open on a date."""
        first = from_text(f"{day}T00:00:00Z")
        seen = await self.looking.open_hours(
            ADA.account_id, to_text(first), to_text(first + timedelta(days=1)), "UTC", student
        )
        return [slot.teacher_time[11:16] for slot in seen.slots]

    async def all(self) -> list[Meeting]:
        return (await self.meetings.page(MeetingQuery(), 100, None)).items

    async def kinds(self) -> list[str]:
        return [change.kind for change in await self.stores.changes()]
