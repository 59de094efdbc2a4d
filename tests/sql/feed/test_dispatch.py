"""Every change reaches every reaction as a job and every projection exactly once."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import ManualClock, SystemClock, to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.jobs.worker import Worker
from tests.sql.jobs.support import UnsteadyDatabase, eventually, rows


class Noted:
    """A reaction that notes what it was called with."""

    def __init__(self, name: str, *kinds: str) -> None:
        self.changes: list[Change] = []
        self.reaction = Reaction(name, frozenset(kinds), self._note)

    async def _note(self, change: Change) -> None:
        self.changes.append(change)


class Copied:
    """A projection that copies the changes it sees into a table of its own."""

    replays = True

    def __init__(self, name: str, *kinds: str) -> None:
        self.name = name
        self.kinds = frozenset(kinds)
        self.failures = 0  # how often it will fail from now on
        self.failed = 0
        self.largest = 0

    async def make(self, database: Database) -> "Copied":
        await database.write(
            lambda c: c.exec_driver_sql(f"CREATE TABLE {self.name} (seq BIGINT, kind TEXT)")
        )
        return self

    def look(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Need no facts."""

    def apply(self, connection: Connection, changes: Sequence[Change], looked: None) -> None:
        self.largest = max(self.largest, len(changes))
        for change in changes:
            connection.exec_driver_sql(
                f"INSERT INTO {self.name} VALUES ({change.seq}, '{change.kind}')"
            )
        if self.failures:
            self.failures -= 1
            self.failed += 1
            raise RuntimeError("not today")

    def clear(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"DELETE FROM {self.name}")

    async def seen(self, database: Database) -> list[int]:
        return [row.seq for row in await rows(database, f"SELECT seq FROM {self.name}")]


def change(subject: object = "s", kind: str = "issue.reported", **data: object) -> Change:
    return Change(kind, str(subject), data, "Ada", to_text(SystemClock().now()), "account-1")


async def append(database: Database, *changes: Change) -> None:
    await database.write(lambda c: feed.append(c, *changes))


async def test_each_matching_reaction_is_called_once_with_the_change(
    database: Database, clock: ManualClock
) -> None:
    mail, audit, deaf = (
        Noted("mail", "issue.reported"),
        Noted("audit", "issue.reported", "issue.edited"),
        Noted("deaf", "meeting.scheduled"),
    )
    reactions = [noted.reaction for noted in (mail, audit, deaf)]
    dispatcher = Dispatcher(database, reactions, [], clock)
    assert set(dispatcher.handlers()) == {"reaction:mail", "reaction:audit", "reaction:deaf"}
    sent = [change("one", text="“é”\u0000", list=[1, None]), change("two", kind="issue.edited")]
    await append(database, *sent, change("three", kind="nobody.cares"))
    assert await dispatcher.catch_up() == 3
    assert await dispatcher.catch_up() == 0
    await Worker(database, dispatcher.handlers(), clock).run_due()
    stored = await database.read(lambda c: feed.read_after(c, 0, 10))
    assert [(c.kind, c.subject, c.data) for c in stored[:2]] == [
        (c.kind, c.subject, c.data) for c in sent
    ]
    assert mail.changes == stored[:1]
    assert audit.changes == stored[:2]
    assert deaf.changes == []


async def test_a_reaction_may_answer_to_changes_of_any_kind_and_choose(
    database: Database, clock: ManualClock
) -> None:
    mail, every = Noted("mail", "issue.reported"), Noted("every")
    chosen = Reaction("every", None, every.reaction.handle, wants=lambda c: c.subject != "two")
    dispatcher = Dispatcher(database, [mail.reaction, chosen], [], clock)
    await append(database, change("one", kind="nobody.cares"), change("two"), change("three"))
    await dispatcher.catch_up()
    await Worker(database, dispatcher.handlers(), clock).run_due()
    assert [c.subject for c in mail.changes] == ["two", "three"]
    assert [c.subject for c in every.changes] == ["one", "three"]


async def test_a_crash_between_jobs_and_cursor_leaves_neither(
    database: Database, clock: ManualClock
) -> None:
    noted = Noted("mail", "issue.reported")

    class Crashing:
        """Ends the transaction after everything was written in it."""

        def __init__(self, inner: Database) -> None:
            self.read, self.signal = inner.read, inner.signal
            self._inner = inner

        async def write(self, work):
            def crash(connection):
                work(connection)
                raise RuntimeError("the process died here")

            return await self._inner.write(crash)

    await append(database, *(change(n) for n in range(3)))
    crashing = Dispatcher(Crashing(database), [noted.reaction], [], clock)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        await crashing.catch_up()
    assert await rows(database) == []
    dispatcher = Dispatcher(database, [noted.reaction], [], clock)
    assert await dispatcher.catch_up() == 3
    await Worker(database, dispatcher.handlers(), clock).run_due()
    assert [c.subject for c in noted.changes] == ["0", "1", "2"]


async def test_more_changes_than_fit_a_batch(database: Database, clock: ManualClock) -> None:
    noted = Noted("mail", "issue.reported")
    copied = await Copied("copied", "issue.reported").make(database)
    await append(database, *(change(n) for n in range(1_234)))
    dispatcher = Dispatcher(database, [noted.reaction], [copied], clock)
    assert await dispatcher.catch_up() == 2 * 1_234
    assert copied.largest <= 500
    assert await copied.seen(database) == sorted(await copied.seen(database))
    await Worker(database, dispatcher.handlers(), clock).run_due()
    assert [c.subject for c in noted.changes] == [str(n) for n in range(1_234)]


async def test_nothing_is_missed_or_doubled_with_concurrent_writers_and_dispatchers(
    database: Database, other: Database
) -> None:
    """Two processes write and two dispatch, all at once."""
    clock = SystemClock()
    noted = Noted("mail", "issue.reported")
    copied = await Copied("copied", "issue.reported").make(database)
    dispatchers = [Dispatcher(db, [noted.reaction], [copied], clock) for db in (database, other)]
    stop = asyncio.Event()
    running = [asyncio.create_task(dispatcher.run(stop)) for dispatcher in dispatchers]

    async def write(opened: Database, who: str) -> None:
        for n in range(0, 300, 3):
            await append(opened, *(change(f"{who}-{m}") for m in range(n, n + 3)))

    await asyncio.gather(write(database, "a"), write(other, "b"), write(other, "c"))
    database.signal.send()

    async def all_copied() -> bool:
        return len(await copied.seen(database)) >= 900

    async def all_queued() -> bool:
        return len(await rows(database)) >= 900

    await eventually(all_copied, "the projection to catch up")
    await eventually(all_queued, "the reactions to catch up")
    stop.set()
    await asyncio.gather(*running)
    await Worker(database, dispatchers[0].handlers(), clock).run_due()
    counts = Counter(c.subject for c in noted.changes)
    assert counts == Counter(f"{who}-{n}" for who in "abc" for n in range(300))
    seqs = await copied.seen(database)
    assert len(seqs) == len(set(seqs)) == 900


async def test_a_failing_projection_waits_alone_and_then_counts_once(database: Database) -> None:
    noted = Noted("mail", "issue.reported")
    broken = await Copied("broken", "issue.reported").make(database)
    sound = await Copied("sound", "issue.reported").make(database)
    broken.failures = 2
    dispatcher = Dispatcher(database, [noted.reaction], [broken, sound], SystemClock())
    worker = Worker(database, dispatcher.handlers(), SystemClock())
    stop = asyncio.Event()
    running = [asyncio.create_task(part.run(stop)) for part in (dispatcher, worker)]
    await append(database, *(change(n) for n in range(5)))
    await eventually(lambda: len(noted.changes) == 5, "the reactions")

    async def caught_up() -> bool:
        return [len(await p.seen(database)) for p in (broken, sound)] == [5, 5]

    await eventually(caught_up, "both projections")
    assert broken.failed == 2
    stop.set()
    await asyncio.gather(*running)


async def test_all_share_one_reading_and_one_transaction(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    counting = UnsteadyDatabase(database_url)
    copies = [await Copied(name, "issue.reported").make(database) for name in ("one", "two")]
    noted = Noted("mail", "issue.reported")
    await append(database, *(change(n) for n in range(5)))
    assert await Dispatcher(counting, [noted.reaction], copies, clock).catch_up() == 3 * 5
    assert counting.asked == 3  # a reading, a transaction, and a reading that found no more
    await counting.close()


async def test_a_projection_whose_statement_the_database_refuses_holds_up_itself_alone(
    database: Database, clock: ManualClock
) -> None:
    noted = Noted("mail", "issue.reported")
    sound = await Copied("sound", "issue.reported").make(database)
    tableless = Copied("tableless", "issue.reported")
    dispatcher = Dispatcher(database, [noted.reaction], [tableless, sound], clock)
    await append(database, *(change(n) for n in range(3)))
    with pytest.raises(Unavailable):
        await dispatcher.catch_up()
    assert await sound.seen(database) == [1, 2, 3]
    assert len(await rows(database)) == 3
    await tableless.make(database)
    await append(database, change())
    assert await dispatcher.catch_up() == 4 + 2 * 1
    assert await tableless.seen(database) == [1, 2, 3, 4]
    assert await sound.seen(database) == [1, 2, 3, 4]


async def test_catching_up_raises_what_a_projection_raises(
    database: Database, clock: ManualClock
) -> None:
    broken = await Copied("broken", "issue.reported").make(database)
    broken.failures = 2  # with the others, and alone
    dispatcher = Dispatcher(database, [], [broken], clock)
    await append(database, change())
    with pytest.raises(RuntimeError):
        await dispatcher.catch_up()
    assert await broken.seen(database) == []
    assert await dispatcher.catch_up() == 1
    assert await broken.seen(database) == [1]


async def test_a_new_projection_sees_all_that_was(database: Database, clock: ManualClock) -> None:
    await append(database, *(change(n) for n in range(7)))
    await Dispatcher(database, [], [], clock).catch_up()
    late = await Copied("late", "issue.reported").make(database)
    await Dispatcher(database, [], [late], clock).catch_up()
    assert len(await late.seen(database)) == 7


async def test_a_dispatcher_outlasts_a_database_that_is_away(database_url: str) -> None:
    database = UnsteadyDatabase(database_url)
    noted = Noted("mail", "issue.reported")
    dispatcher = Dispatcher(database, [noted.reaction], [], SystemClock())
    await append(database, change("one"))
    database.away = True
    stop = asyncio.Event()
    running = asyncio.create_task(dispatcher.run(stop))
    await eventually(lambda: database.asked >= 3, "the dispatcher to try again")
    database.away = False
    await append(database, change("two"))

    async def both() -> bool:
        return len(await rows(database)) == 2

    await eventually(both, "both jobs")
    stop.set()
    await running
    await database.close()


def test_names_must_differ(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    twice = [Noted("mail", "a").reaction, Noted("mail", "b").reaction]
    with pytest.raises(ValueError, match="same name"):
        Dispatcher(database, twice, [], SystemClock())
    with pytest.raises(ValueError, match="same name"):
        Dispatcher(database, [], [Copied("reactions", "a")], SystemClock())
