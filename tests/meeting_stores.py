"""All that keeps meetings, of one process: on SQL or on DynamoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Any

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.change_log import DynamoChangeLog
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.meetings.control import DynamoControlStore
from quadrangle.aws.meetings.feeds import DynamoFeedStore
from quadrangle.aws.meetings.launch_times import DynamoLaunchTimes
from quadrangle.aws.meetings.presence import DynamoPresenceStore
from quadrangle.aws.meetings.reap_log import DynamoReapLog
from quadrangle.aws.meetings.reap_marks import DynamoReapMarks
from quadrangle.aws.meetings.reminder_choices import DynamoReminderChoices
from quadrangle.aws.meetings.room import DynamoRoomStore
from quadrangle.aws.meetings.sheets import sheets_of
from quadrangle.aws.meetings.store import DynamoMeetingStore
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.aws.meetings.teaching_hours import DynamoHoursStore
from quadrangle.aws.meetings.tickets import DynamoTickets
from quadrangle.hosts.one_machine.meetings import materials
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.meetings.materials.service import Sheets
from quadrangle.meetings.model import Meeting
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.meetings.control import SqlControlStore
from quadrangle.sql.meetings.feeds import SqlFeedStore
from quadrangle.sql.meetings.launch_times import SqlLaunchTimes
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.reap_log import SqlReapLog
from quadrangle.sql.meetings.reap_marks import SqlReapMarks
from quadrangle.sql.meetings.reminder_choices import SqlReminderChoices
from quadrangle.sql.meetings.room import SqlRoomStore
from quadrangle.sql.meetings.store import SqlMeetingStore
from quadrangle.sql.meetings.teaching_hours import SqlHoursStore
from quadrangle.sql.meetings.tickets import SqlTickets
from tests.account_desk import InThreads
from tests.standin.changes import changes_of_stream
from tests.standin.server import StandIn

TABLES = (MEETINGS, CHANGES)


class MeetingStores:
    """`database` keeps what is no meeting's: mails and jobs, which have contracts of their own."""

    database: Database
    meetings: Any
    presence: Any
    tickets: Any
    launch_times: Any
    marks: Any
    reap_log: Any
    control: Any
    room: Any
    hours: Any
    feeds: Any
    choices: Any
    sheets: Sheets

    async def changes(self) -> list[Change]:
        """Return all changes so far, in the order they were written."""
        raise NotImplementedError

    async def note(self, change: Change) -> None:
        """Save a change that comes from elsewhere."""
        raise NotImplementedError


class SqlMeetings(MeetingStores):
    def __init__(self, database: Database) -> None:
        self.database = database
        self.meetings = SqlMeetingStore(database)
        self.presence = SqlPresenceStore(database)
        self.tickets = SqlTickets(database)
        self.launch_times = SqlLaunchTimes(database)
        self.marks = SqlReapMarks(database)
        self.reap_log = SqlReapLog(database)
        self.control = SqlControlStore(database)
        self.room = SqlRoomStore(database)
        self.hours = SqlHoursStore(database)
        self.feeds = SqlFeedStore(database)
        self.choices = SqlReminderChoices(database)
        self.sheets = materials.sheets_of(database)

    async def changes(self) -> list[Change]:
        return await self.database.read(lambda c: feed.read_after(c, 0, 10_000))

    async def note(self, change: Change) -> None:
        await self.database.write(lambda c: feed.append(c, change))


class DynamoMeetings(MeetingStores):
    def __init__(self, standin: StandIn, prefix: str, clock: Clock, database: Database) -> None:
        self.database = database
        self.dynamo = Dynamo(standin.client("dynamodb"))
        self.tables = Tables(prefix)
        given = (self.dynamo, self.tables)
        self._changes = changes_of_stream(standin, self.tables.of(CHANGES))
        self.meetings = _MeetingsInThreads(DynamoMeetingStore(*given))
        self.presence = InThreads(DynamoPresenceStore(*given))
        self.tickets = InThreads(DynamoTickets(*given, clock))
        self.launch_times = InThreads(DynamoLaunchTimes(*given))
        self.marks = InThreads(DynamoReapMarks(*given))
        self.reap_log = InThreads(DynamoReapLog(*given))
        self.control = InThreads(DynamoControlStore(*given))
        self.room = InThreads(DynamoRoomStore(*given))
        self.hours = InThreads(DynamoHoursStore(*given))
        self.feeds = InThreads(DynamoFeedStore(*given))
        self.choices = InThreads(DynamoReminderChoices(*given))
        self.sheets = Sheets(
            *(InThreads(getattr(sheets_of(*given), each.name)) for each in fields(Sheets))
        )

    async def changes(self) -> list[Change]:
        return await asyncio.to_thread(self._changes)

    async def note(self, change: Change) -> None:
        await DynamoChangeLog(self.dynamo, self.tables).add(change)


class _MeetingsInThreads(InThreads):
    def __init__(self, store: DynamoMeetingStore) -> None:
        super().__init__(store)
        self._unsettled = store.unsettled

    async def unsettled(self, now: str) -> AsyncIterator[Meeting]:
        async for meeting in self._unsettled(now):
            yield meeting
