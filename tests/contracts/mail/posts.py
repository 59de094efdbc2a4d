"""An outbox on each store, and what the rest of the engine sees of it."""

import zlib
from collections import Counter
from collections.abc import Iterator

import msgspec
from sqlalchemy import func, select

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.items import Values, plain
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.aws.mail.tables import MAILS
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.jobs import Job
from quadrangle.kernel.mail import MailQueue
from quadrangle.mail.forgetting import TextForgetting
from quadrangle.mail.model import DELIVER, FORGET_TEXTS, TEXT_KEPT_DAYS, MailState
from quadrangle.mail.ports import Outbox
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.mail.outbox import SqlOutbox
from quadrangle.sql.mail.tables import mails
from tests.standin.queues import make_jobs, make_queues
from tests.standin.server import StandIn
from tests.standin.tables import make_tables


class Post:
    """An outbox, and what the rest of the engine sees of it."""

    outbox: Outbox
    queue: MailQueue

    async def waiting(self) -> list[str]:
        """The mails that have a delivery job waiting."""
        raise NotImplementedError

    async def run_jobs(self) -> None:
        """Have all delivery jobs be over, whatever came of them."""
        raise NotImplementedError

    async def counted(self) -> Counter[MailState]:
        """Count the mails one by one."""
        raise NotImplementedError

    async def stored(self) -> str:
        """Return all that is stored of all mails."""
        raise NotImplementedError

    async def let_texts_go(self) -> None:
        """Have texts go whose time is over, as happens by itself once a day."""
        raise NotImplementedError

    def search_through(self, mails: int) -> None:
        """Have each call look through so many mails."""
        raise NotImplementedError


class SqlPost(Post):
    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self.outbox = self.queue = self._outbox = SqlOutbox(database, clock)

    def search_through(self, mails: int) -> None:
        self._outbox.searched_at_once = mails

    async def waiting(self) -> list[str]:
        query = select(jobs.c.payload).where(jobs.c.function == DELIVER, jobs.c.state == "ready")
        rows = await self.database.read(lambda c: c.execute(query).scalars().all())
        return [msgspec.json.decode(row)["mailId"] for row in rows]

    async def run_jobs(self) -> None:
        await self.database.write(lambda c: c.execute(jobs.delete()))

    async def counted(self) -> Counter[MailState]:
        query = select(mails.c.state, func.count()).group_by(mails.c.state)
        rows = await self.database.read(lambda c: c.execute(query).all())
        return Counter({MailState(state): n for state, n in rows})

    async def stored(self) -> str:
        return repr(await self.database.read(lambda c: c.execute(select(mails)).all()))

    async def let_texts_go(self) -> None:
        job = Job("1", FORGET_TEXTS, {}, 1, self.clock.now())
        jobs = SqlJobs(self.database, self.clock)
        await TextForgetting(self.outbox, jobs, self.clock, TEXT_KEPT_DAYS).handle(job)


class DynamoPost(Post):
    def __init__(self, standin: StandIn, clock: ManualClock) -> None:
        client = standin.client("dynamodb")
        self.sqs = standin.client("sqs")
        self.tables = Tables(make_tables(client, "Mails"))
        self.queues = make_queues(standin)
        self.jobs = make_jobs(standin, self.queues, clock, DELIVER)
        self.clock = clock
        self.dynamo = Dynamo(client)
        self._outbox = DynamoOutbox(self.dynamo, self.tables, self.jobs, clock)
        self.outbox = self.queue = self._outbox
        self._scan = client.get_paginator("scan")
        self._received: list[str] = []

    def search_through(self, mails: int) -> None:
        self._outbox.searched_at_once = mails

    async def waiting(self) -> list[str]:
        while found := self.sqs.receive_message(
            QueueUrl=self.queues.url, MaxNumberOfMessages=10
        ).get("Messages"):
            self._received += [msgspec.json.decode(m["Body"])["payload"]["mailId"] for m in found]
        return list(self._received)

    async def run_jobs(self) -> None:
        await self.waiting()
        self._received.clear()

    async def counted(self) -> Counter[MailState]:
        return Counter(MailState(each["state"]) for each in self._items() if "state" in each)

    async def stored(self) -> str:
        # texts are packed: there is none left, not even that of a mail that is gone
        texts = [zlib.decompress(each["body"]) for each in self._items() if "body" in each]
        return repr((list(self._items()), texts))

    async def let_texts_go(self) -> None:
        now = self.clock.now().timestamp()
        over = [each for each in self._items() if each.get(EXPIRES, now) < now]
        keys = [{"mailId": each["mailId"]} for each in over]
        self.dynamo.write_many(self.tables.of(MAILS), delete=keys)

    def _items(self) -> Iterator[Values]:
        pages = self._scan.paginate(TableName=self.tables.of(MAILS))
        return (plain(item) for page in pages for item in page["Items"])
