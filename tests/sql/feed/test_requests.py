"""What transactions about facts ask of the job engine is done once, in their order."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.two_files import Anew, ensure_follower, follower_of
from quadrangle.sql.feed.requests import JobRequests
from quadrangle.sql.jobs.requests import drop, live_names, request
from quadrangle.sql.jobs.tables import jobs

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Machine:
    """Both files as one process has them."""

    def __init__(self, facts: str) -> None:
        self.facts = Database(f"sqlite:///{facts}", follower=follower_of(facts))
        self.following = Database(f"sqlite:///{follower_of(facts)}", facts=facts)
        self.requests = JobRequests(self.facts, self.following)

    async def ask(self, *new: NewJob) -> None:
        await self.facts.write(lambda c: request(c, NOW, *new))

    async def drop(self, name: str, *states: str) -> None:
        await self.facts.write(lambda c: drop(c, name, states))

    async def put(self) -> list[tuple[str, str | None]]:
        """Do what was asked, and return the functions and names of the jobs there are."""
        await self.requests.catch_up()
        query = select(jobs.c.function, jobs.c.name).order_by(jobs.c.job_id)
        return [tuple(row) for row in await self.following.read(lambda c: c.execute(query).all())]

    async def live(self, *names: str) -> set[str]:
        return await self.facts.read(lambda c: live_names(c, names))

    async def close(self) -> None:
        await self.facts.close()
        await self.following.close()


def unasked() -> Anew:
    raise AssertionError("nothing was lost")


@pytest.fixture
def path(migrated_sqlite: str) -> str:
    facts = migrated_sqlite.removeprefix("sqlite:///")
    ensure_follower(facts, unasked)
    return facts


@pytest.fixture
async def machine(path: str) -> AsyncIterator[Machine]:
    opened = Machine(path)
    yield opened
    await opened.close()


async def test_a_job_asked_for_is_put_once_however_often_one_looks(machine: Machine):
    await machine.ask(NewJob("a", {"n": 1}), NewJob("b", {}, NOW + timedelta(hours=1), "x"))
    assert await machine.put() == [("a", None), ("b", "x")]
    assert await machine.put() == [("a", None), ("b", "x")]


async def test_what_is_undone_was_never_asked_for(machine: Machine):
    def work(connection: Connection) -> None:
        request(connection, NOW, NewJob("a", {}))
        raise KeyError

    with pytest.raises(KeyError):
        await machine.facts.write(work)
    assert await machine.put() == []


async def test_things_are_done_in_the_order_they_were_asked_in(machine: Machine):
    await machine.ask(NewJob("a", {}, name="x"))
    await machine.drop("x", "ready", "dead")
    await machine.ask(NewJob("b", {}, name="y"))
    await machine.drop("y", "dead")
    await machine.ask(NewJob("c", {}, name="y"))
    assert await machine.put() == [("c", "y")]


async def test_a_job_lives_from_when_it_is_asked_for(machine: Machine):
    await machine.ask(NewJob("a", {}, name="x"))
    assert await machine.live("x", "y") == {"x"}
    await machine.put()
    assert await machine.live("x", "y") == {"x"}
    await machine.drop("x", "ready")
    await machine.put()
    assert await machine.live("x", "y") == set()


async def test_a_file_of_jobs_that_is_set_back_gets_them_again(machine: Machine, path: str):
    """As after a power cut, whose last writes are undone in this file but not in the facts."""
    await machine.ask(NewJob("a", {}))
    await machine.put()
    await machine.following.close()
    older = Path(path).with_name("older.db")
    shutil.copy(follower_of(path), older)
    machine.following = Database(f"sqlite:///{follower_of(path)}", facts=path)
    machine.requests = JobRequests(machine.facts, machine.following)
    await machine.ask(NewJob("b", {}))
    assert await machine.put() == [("a", None), ("b", None)]
    await machine.following.close()
    shutil.copy(older, follower_of(path))
    machine.following = Database(f"sqlite:///{follower_of(path)}", facts=path)
    machine.requests = JobRequests(machine.facts, machine.following)
    assert await machine.put() == [("a", None), ("b", None)]


async def test_with_one_database_jobs_are_put_at_once(database: Database):
    def work(connection: Connection) -> None:
        request(connection, NOW, NewJob("a", {}, name="x"), NewJob("b", {}, name="y"))
        drop(connection, "x", ["ready"])

    await database.write(work)
    query = select(jobs.c.function)
    assert await database.read(lambda c: c.execute(query).scalars().all()) == ["b"]
