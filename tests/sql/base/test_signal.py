"""A commit in one process is heard of in every other one at once."""

import asyncio
from pathlib import Path

import pytest

from quadrangle.sql.base.signal import PostgresSignal, Signal, SocketSignal


@pytest.fixture(params=["sockets", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path):
    """Makes signals that belong together, as two processes have them."""
    if request.param == "sockets":
        # deeper than the address of a socket may be long
        return lambda: SocketSignal(tmp_path / ("d" * 120) / "run")
    url = request.getfixturevalue("postgres_url")
    return lambda: PostgresSignal(url)


async def heard(signal: Signal) -> asyncio.Event:
    event = asyncio.Event()
    await signal.listen(event.set)
    await asyncio.sleep(0.3)  # PostgreSQL connects in the background, and signals when it has
    event.clear()
    return event


async def test_every_listener_hears_a_signal(make):
    first, second, third = make(), make(), make()
    events = [await heard(first), await heard(second)]
    for sender in (first, third, second):
        for event in events:
            event.clear()
        await asyncio.to_thread(sender.send)
        for event in events:
            await asyncio.wait_for(event.wait(), 10)
    for signal in (first, second, third):
        await signal.close()


async def test_a_late_listener_is_heard_of_and_a_gone_one_forgotten(make):
    sender, early = make(), make()
    await heard(sender)
    await heard(early)
    await asyncio.to_thread(sender.send)
    late = make()
    event = await heard(late)
    await asyncio.to_thread(sender.send)
    await asyncio.wait_for(event.wait(), 10)
    await early.close()
    event.clear()
    for _ in range(2):
        await asyncio.to_thread(sender.send)
    await asyncio.wait_for(event.wait(), 10)
    await late.close()
    await asyncio.to_thread(sender.send)
    await sender.close()
