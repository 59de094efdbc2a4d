"""Mails about issues are rows of the outbox by the transaction that moves the cursor, and what
cannot be written so is done by the reactions themselves."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, update

from quadrangle.issues import rules
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.numbers import number_of
from quadrangle.issues.reactions import STATUS_WAIT, IssueReactions
from quadrangle.kernel.change import Change, called
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import RetryPolicy
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import ANYONE
from quadrangle.mail.model import DELIVER, MailState
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.feed.tables import feed_cursors
from quadrangle.sql.issues.mail_source import IssueMailSource
from quadrangle.sql.jobs.jobs import SqlDeadLetters, insert_rows
from quadrangle.sql.jobs.worker import Worker
from quadrangle.sql.mail.batch import MailBatch
from quadrangle.sql.mail.outbox import SqlOutbox
from tests.contracts.issues.desks import STAFF, SqlDesk
from tests.sql.jobs.support import rows

ADMIN = "admin@campus.example"
ANN = "ann@campus.example"
BO = {"account-2": "bo@campus.example"}


class Staff:
    """Implements issues.ports.StaffDirectory with account-2 alone."""

    async def address_of(self, account_id: str) -> str | None:
        return BO.get(account_id)


def addresses(connection: Connection, ids: Collection[str]) -> Mapping[str, str]:
    return {account_id: BO[account_id] for account_id in ids if account_id in BO}


class Collected:
    """A mail queue that keeps mails in memory."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def enqueue(self, *new: Mail) -> None:
        self.mails += new


class Campus:
    """A desk whose changes are followed as the worker does."""

    def __init__(
        self, database: Database, clock: ManualClock, wait: timedelta, *, delivers: bool = False
    ) -> None:
        self.database = database
        self.clock = clock
        self.wait = wait
        self.desk = SqlDesk(database, clock)
        self.outbox = SqlOutbox(database, clock, delivers=delivers)
        self.reactions = self.reactions_with(self.outbox)
        source = IssueMailSource(self.reactions.occasions.all(), addresses)
        self.dispatcher = Dispatcher(
            database,
            [r for r in self.reactions.all() if r.name in source.serves],
            [],
            clock,
            batches=[MailBatch(source, self.outbox)],
        )

    def reactions_with(self, mail: Any) -> IssueReactions:
        unused: Any = None
        staff: Any = Staff()
        links, store = IssueLinks("https://campus.example"), self.desk.store
        return IssueReactions(
            store, mail, unused, staff, unused, links, ADMIN, self.clock, self.wait
        )

    async def changes(self) -> list[Change]:
        return await self.database.read(lambda c: feed.read_after(c, 0, 10_000))

    async def mails(self) -> list[Mail]:
        """Return what is in the outbox, oldest first."""
        page = await self.outbox.page(None, 1_000, None)
        found = [await self.outbox.get(entry.mail_id) for entry in reversed(page.items)]
        return [each.mail for each in found if each is not None]

    async def told(self) -> list[tuple[str, str]]:
        return [(mail.to, mail.subject.partition(":")[0]) for mail in await self.mails()]

    async def jobs(self) -> list[str]:
        return [row.function for row in await rows(self.database)]

    async def run_jobs(self) -> None:
        await Worker(
            self.database,
            self.dispatcher.handlers(),
            self.clock,
            policy=RetryPolicy(max_attempts=1),
        ).run_due()

    async def reply(self, issue: Issue, text: str, actor=ANYONE) -> Issue:
        answered, entry, facts = rules.comment(
            issue, new_id(), "reply", text, actor, self.clock.now()
        )
        await self.desk.store.save(answered, facts, comment=entry)
        return answered


Make = Callable[..., Campus]


@pytest.fixture
def campus(database: Database, clock: ManualClock) -> Make:
    def make(wait: timedelta = STATUS_WAIT, **options: bool) -> Campus:
        return Campus(database, clock, wait, **options)

    return make


async def lived(campus: Campus) -> None:
    """Have all happen to issues that mails are written about."""
    desk = campus.desk
    one = await desk.report("It drips <b>&", email=ANN, name="Ann")
    await desk.report("Nobody is told of this but staff")
    await desk.report("No confirmation of this", email=ANN, unmailed=True)
    one = await desk.edit(one, assignee_id="account-2")
    one = await campus.reply(one, "It still drips")
    one = await campus.reply(one, "We come tomorrow", STAFF)
    one = await desk.edit(one, status=Status.RESOLVED)
    gone = await desk.edit(await desk.report(email="cy@campus.example"), assignee_id="account-9")
    await campus.reply(gone, "Hello?")


async def test_batches_write_what_the_reactions_would(campus: Make):
    here = campus(timedelta(0))
    await lived(here)
    collected = Collected()
    by_name = {each.name: each for each in here.reactions_with(collected).all()}
    mailing = [by_name[occasion.name] for occasion in here.reactions.occasions.all()]
    for change in await here.changes():
        for reaction in mailing:
            if reaction.answers_to(change):
                await reaction.handle(change)
    await here.dispatcher.catch_up()
    assert await here.jobs() == []
    written = sorted(await here.mails(), key=lambda mail: mail.key)
    assert written == sorted(collected.mails, key=lambda mail: mail.key)
    subjects = {mail.subject.partition(":")[0] for mail in written}
    assert subjects == {
        "New report",
        "We have your report",
        "More reports came with your address",
        "Assigned to you",
        "The reporter replied",
        "Reply to your report",
        "Resolved",
    }


async def test_without_a_mail_server_mails_are_kept_and_no_job_is_made(campus: Make):
    here = campus()
    await here.desk.report(email=ANN)
    await here.dispatcher.catch_up()
    assert await here.jobs() == []
    counts = await here.outbox.counts()
    assert (counts[MailState.KEPT], sum(counts.values())) == (2, 2)
    # staff has one sent once there is a server
    (entry, _) = (await here.outbox.page(MailState.KEPT, 10, None)).items
    queued = await SqlOutbox(here.database, here.clock).requeue(entry.mail_id, here.clock.now())
    assert queued.state is MailState.QUEUED
    assert await here.jobs() == [DELIVER]


async def test_with_a_mail_server_each_mail_has_one_job(campus: Make):
    here = campus(delivers=True)
    await here.desk.report(email=ANN)
    await here.dispatcher.catch_up()
    assert (await here.outbox.counts())[MailState.QUEUED] == 2
    payloads = [msgspec.json.decode(row.payload) for row in await rows(here.database)]
    page = await here.outbox.page(None, 10, None)
    assert await here.jobs() == [DELIVER, DELIVER]
    assert {each["mailId"] for each in payloads} == {entry.mail_id for entry in page.items}


async def test_what_was_read_again_is_not_written_again(campus: Make):
    here = campus(delivers=True)
    await here.desk.report(email=ANN)
    await here.dispatcher.catch_up()
    await here.database.write(lambda c: c.execute(update(feed_cursors).values(seq=0)))
    assert await here.dispatcher.catch_up() == 1
    assert len(await here.mails()) == 2
    assert len(await here.jobs()) == 2


async def test_a_status_is_told_by_one_job_when_it_can_be_undone_no_more(campus: Make):
    here = campus()
    one = await here.desk.report(email=ANN)
    moved = await here.desk.edit(one, status=Status.IN_PROGRESS)
    await here.desk.edit(moved, status=Status.RESOLVED)
    nobody = await here.desk.report()
    await here.desk.edit(nobody, status=Status.RESOLVED)  # there is nobody to tell
    await here.dispatcher.catch_up()
    assert await here.jobs() == [called("issues.mail-status")] * 2
    await here.run_jobs()
    assert len(await here.jobs()) == 2
    here.clock.advance(STATUS_WAIT)
    await here.run_jobs()
    assert await here.jobs() == []
    assert [what for to, what in await here.told() if to == ANN] == [
        "We have your report",
        "Resolved",
    ]


async def test_an_assignment_is_told_once_and_not_where_it_was_undone(campus: Make):
    here = campus()
    kept = await here.desk.edit(await here.desk.report(), assignee_id="account-2")
    undone = await here.desk.edit(await here.desk.report(), assignee_id="account-2")
    await here.desk.edit(undone, assignee_id=None)
    await here.dispatcher.catch_up()
    assert await here.jobs() == [called("issues.mail-assigned")]
    here.clock.advance(STATUS_WAIT)
    await here.run_jobs()
    (mail,) = [mail for mail in await here.mails() if mail.to == BO["account-2"]]
    assert f"[{number_of(kept.issue_id)}]" in mail.subject


async def test_a_change_that_no_mail_can_be_written_of_holds_up_nobody(
    campus: Make, monkeypatch: pytest.MonkeyPatch
):
    here = campus()
    poisonous = await here.desk.report("poison", email=ANN)
    await here.desk.report("sound", email=ANN)
    with monkeypatch.context() as broken:
        sound = rules_of_mails()

        def alert(issue: Issue, *rest: Any) -> Mail:
            if issue.issue_id == poisonous.issue_id:
                raise RuntimeError("cannot be written")
            return sound(issue, *rest)

        broken.setattr("quadrangle.issues.mails.alert", alert)
        assert await here.dispatcher.catch_up() == 2
        assert len(await here.mails()) == 2
        assert await here.jobs() == [called("issues.mail-report")]
        await here.run_jobs()
        letters = SqlDeadLetters(here.database, here.clock)
        (dead,) = (await letters.list(10, None)).items
        assert (dead.payload["subject"], dead.last_error) == (
            poisonous.issue_id,
            "RuntimeError: cannot be written",
        )
    await letters.requeue(dead.job_id)  # mended meanwhile
    await here.run_jobs()
    assert len(await here.mails()) == 4
    assert await here.jobs() == []


def rules_of_mails() -> Callable[..., Mail]:
    from quadrangle.issues import mails

    return mails.alert


async def test_a_batch_that_breaks_is_left_to_jobs(campus: Make, monkeypatch: pytest.MonkeyPatch):
    here = campus()
    await here.desk.report(email=ANN)
    await here.desk.report()
    with monkeypatch.context() as broken:
        broken.setattr("quadrangle.sql.issues.mail_source._issue_rows", lambda c, ids: 1 / 0)
        assert await here.dispatcher.catch_up() == 2
    assert await here.jobs() == [called("issues.mail-report")] * 2
    await here.run_jobs()
    assert len(await here.mails()) == 3


async def test_an_installation_of_before_goes_on_where_it_was(campus: Make):
    """It had made jobs of the first two changes, and run one of them."""
    here = campus()
    for _ in range(4):
        await here.desk.report(email=ANN)
    first, second, *_ = await here.changes()
    by_name = {each.name: each for each in here.reactions.all()}
    await by_name["issues.mail-report"].handle(first)
    job = (called("issues.mail-report"), msgspec.json.encode(second).decode(), 0, None)

    def as_before(connection: Connection) -> None:
        insert_rows(connection, [job])
        feed.move_cursor(connection, "reactions", second.seq)

    await here.database.write(as_before)
    assert await here.dispatcher.catch_up() == 2
    await here.run_jobs()
    keys = [mail.key for mail in await here.mails()]
    assert len(keys) == len(set(keys)) == 8
