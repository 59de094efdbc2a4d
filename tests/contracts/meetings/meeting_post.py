"""What the reactions to meetings write, and the reminders that wait."""

from datetime import datetime

import msgspec
from ical.calendar import Calendar
from ical.calendar_stream import CalendarStream
from sqlalchemy import select

from quadrangle.kernel.change import Change
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.calendar.feeds import Feeds
from quadrangle.meetings.calendar.files import CalendarFiles
from quadrangle.meetings.calendar.model import Organizer
from quadrangle.meetings.calendar.reactions import CalendarReactions
from quadrangle.meetings.calendar.reminders import Reminders
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.mails import MeetingMails, Pages
from quadrangle.meetings.policy_model import MeetingRights
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacLinkKeys
from quadrangle.sql.base.instants import from_ms
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.mail.outbox import SqlOutbox
from quadrangle.sql.meetings.reminder_choices import SqlReminderChoices
from tests.contracts.meetings.booth import SITE, Booth

ORGANIZER = Organizer("Quadrangle", "mail@campus.example")
STAFF = "staff@campus.example"


class Directory:
    """The accounts that are open. Implements meetings.ports.People."""

    def __init__(self, *people: Principal) -> None:
        self.names = {each.account_id: each.name for each in people}

    async def email_of(self, account_id: str) -> str | None:
        name = self.names.get(account_id)
        return (
            None if name is None else f"{name.split()[0].lower()}-{account_id[:4]}@campus.example"
        )

    async def role_of(self, account_id: str) -> Role | None:
        return Role.STUDENT if account_id in self.names else None

    async def name_of(self, account_id: str) -> str | None:
        return self.names.get(account_id)

    async def by_email(self, email: str) -> tuple[str, str] | None:
        return None


class MeetingPost:
    """Runs the reactions over all changes there are, each twice, as they may be."""

    def __init__(self, booth: Booth, *people: Principal) -> None:
        stores, clock = booth.stores, booth.clock
        self.stores, self.database, self.clock = stores, stores.database, clock
        database = stores.database
        self.directory = Directory(*people)
        self.outbox = SqlOutbox(database, clock)
        keys = HmacLinkKeys(bytes(KEY_BYTES))
        self.links = Links(booth.meetings, keys, MeetingRights(), self.directory)
        pages = Pages(SITE)
        mails = MeetingMails(ORGANIZER, pages)
        shared = (booth.meetings, self.directory, self.links, mails, self.outbox)
        hours, feeds = stores.hours, stores.feeds
        self.reactions = CalendarReactions(*shared, hours, feeds, STAFF)
        self.choices = SqlReminderChoices(database)
        self.reminders = Reminders(*shared, SqlJobs(database, clock), clock, self.choices)
        self.feeds = Feeds(feeds, booth.meetings, self.directory, ORGANIZER, pages.all(), clock)
        self.files = CalendarFiles(booth.meetings, self.links, ORGANIZER)
        self._seen = 0

    async def note(self, change: Change) -> None:
        """Save a change that comes from elsewhere."""
        await self.stores.note(change)

    async def deliver(self) -> list[Mail]:
        """React to what is new, and return the mails that were written for it, oldest first."""
        before = len(await self.mails())
        for change in (await self.stores.changes())[self._seen :]:
            self._seen += 1
            for reaction in [*self.reactions.all(), *self.reminders.reactions()]:
                if reaction.answers_to(change):
                    await reaction.handle(change)
                    await reaction.handle(change)
        return (await self.mails())[before:]

    async def mails(self) -> list[Mail]:
        """Return all mails, oldest first."""
        page = await self.outbox.page(None, 1000, None)
        found = [await self.outbox.get(entry.mail_id) for entry in reversed(page.items)]
        return [each.mail for each in found if each is not None]

    async def waiting(self) -> list[tuple[str, datetime]]:
        """Return names and times of the reminders that wait, the next first."""
        query = select(jobs.c.name, jobs.c.run_at).where(jobs.c.function == "meetings.remind")
        rows = await self.database.read(lambda c: c.execute(query.order_by(jobs.c.run_at)).all())
        return [(row.name, from_ms(row.run_at)) for row in rows]

    async def remind(self, name: str) -> list[Mail]:
        """Run the reminder of a name, twice, and return what it wrote."""
        query = select(jobs.c.payload).where(jobs.c.name == name)
        payload = await self.database.read(lambda c: c.execute(query).scalar_one())
        before = len(await self.mails())
        job = Job(new_id(), "meetings.remind", msgspec.json.decode(payload), 1, self.clock.now())
        (handler,) = self.reminders.handlers().values()
        await handler(job)
        await handler(job)
        return (await self.mails())[before:]


def calendar_of(mail: Mail) -> Calendar:
    """Return the calendar in a mail, as a library reads it that did not write it."""
    assert mail.calendar is not None
    return read(mail.calendar.content)


def read(content: str) -> Calendar:
    (calendar,) = CalendarStream.from_ics(content).calendars
    return calendar
