"""What is read by its key, and kept, is never older than a write that anybody was told of."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base import lookups
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.lookups import Lookups
from tests.properties import examples

KEYS = [f"key-{n}" for n in range(4)]


class Shelf:
    """A table read by one process and written by it and another."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'shelf.db'}"
        self.ours = Database(url)
        self.theirs = Database(url)
        self.made = 0
        self.lookups = Lookups(self.ours, "things", "name", ("name", "worth"), self._made_of)

    def _made_of(self, row) -> int:
        self.made += 1
        return row[1]

    async def begin(self) -> None:
        def table(c: Connection) -> None:
            c.execute(text("CREATE TABLE things (name TEXT PRIMARY KEY, worth INTEGER)"))

        await self.ours.write(table)

    async def put(self, database: Database, name: str, worth: int) -> None:
        def work(c: Connection) -> None:
            values = {"name": name, "worth": worth}
            c.execute(text("INSERT OR REPLACE INTO things VALUES (:name, :worth)"), values)

        await database.write(work)

    async def remove(self, database: Database, name: str) -> None:
        def work(c: Connection) -> None:
            c.execute(text("DELETE FROM things WHERE name = :name"), {"name": name})

        await database.write(work)

    async def read(self, names: list[str]) -> list[int | None]:
        return await asyncio.gather(*map(self.lookups.get, names))

    async def close(self) -> None:
        await self.ours.close()
        await self.theirs.close()


@asynccontextmanager
async def a_shelf() -> AsyncIterator[Shelf]:
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        try:
            await shelf.begin()
            yield shelf
        finally:
            await shelf.close()


steps = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(KEYS), st.booleans(), st.integers(0, 99)),
    st.tuples(st.just("remove"), st.sampled_from(KEYS), st.booleans(), st.none()),
    st.tuples(st.just("read"), st.lists(st.sampled_from(KEYS), max_size=6), st.none(), st.none()),
)


@settings(max_examples=examples(30, deeper=10))
@given(taken=st.lists(steps, max_size=25))
def test_after_a_write_by_anybody_what_it_wrote_is_read(taken):
    async def run() -> None:
        async with a_shelf() as shelf:
            there: dict[str, int] = {}
            for step, key, by_us, worth in taken:
                if step == "read":
                    assert await shelf.read(key) == [there.get(name) for name in key]
                    continue
                writer = shelf.ours if by_us else shelf.theirs
                if step == "put":
                    await shelf.put(writer, key, worth)
                    there[key] = worth
                else:
                    await shelf.remove(writer, key)
                    there.pop(key, None)
            assert await shelf.read(KEYS) == [there.get(name) for name in KEYS]

    asyncio.run(run())


async def test_while_many_read_nobody_gets_less_than_he_was_told_of():
    """Each writer reads its own write at once, among readers who fill what is kept."""
    async with a_shelf() as shelf:
        await shelf.put(shelf.ours, "count", 0)
        done = asyncio.Event()

        async def reader() -> None:
            while not done.is_set():
                await shelf.lookups.get("count")
                await asyncio.sleep(0)

        async def writer(database: Database, name: str) -> None:
            for worth in range(60):
                await shelf.put(database, name, worth)
                assert await shelf.lookups.get(name) == worth

        readers = [asyncio.create_task(reader()) for _ in range(8)]
        await asyncio.gather(writer(shelf.ours, "a"), writer(shelf.theirs, "b"))
        done.set()
        await asyncio.gather(*readers)


async def test_what_did_not_change_is_read_once():
    async with a_shelf() as shelf:
        await shelf.put(shelf.ours, "a", 1)
        for _ in range(5):
            assert await shelf.read(["a"]) == [1]
        assert shelf.made == 1
        await shelf.put(shelf.theirs, "b", 2)
        assert await shelf.read(["a"]) == [1]
        assert shelf.made == 2


async def test_no_more_is_kept_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(lookups, "MOST_KEPT", 3)
    async with a_shelf() as shelf:
        for n, key in enumerate(KEYS):
            await shelf.put(shelf.ours, key, n)
        for _ in range(2):
            assert [(await shelf.read([key]))[0] for key in KEYS] == [0, 1, 2, 3]
        assert shelf.made == 8  # the fourth took the place of all


async def test_a_connection_that_broke_takes_what_was_kept_along():
    """Another connection counts anew: its first number may be one that was seen before."""
    async with a_shelf() as shelf:
        await shelf.put(shelf.ours, "a", 1)
        assert await shelf.read(["a"]) == [1]
        shelf.ours._discard_reader(shelf.ours._reader(alone=True))
        await shelf.put(shelf.theirs, "a", 2)
        assert await shelf.read(["a"]) == [2]


async def test_of_a_database_that_cannot_be_read_nothing_kept_is_given():
    async with a_shelf() as shelf:
        await shelf.put(shelf.ours, "a", 1)
        assert await shelf.read(["a"]) == [1]

        def broken() -> None:
            raise Unavailable()

        sound, shelf.ours.version_here = shelf.ours.version_here, broken
        told = await asyncio.gather(
            shelf.lookups.get("a"), shelf.lookups.get("a"), return_exceptions=True
        )
        assert [type(each) for each in told] == [Unavailable, Unavailable]
        shelf.ours.version_here = sound
        assert await shelf.read(["a"]) == [1]
