"""What every store of the staff PIN keeps."""

import asyncio

import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Pin
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import SYSTEM
from tests.account_desk import Desk


def pin_change(desk: Desk) -> Change:
    return rules.replace_pin(None, "", SYSTEM, desk.clock.now())[1]


async def test_a_pin_follows_the_one_before(desk):
    assert await desk.pins.load() is None
    await desk.pins.save(Pin("first", 1), [pin_change(desk)])
    await desk.pins.save(Pin("second", 2), [pin_change(desk)])
    for epoch in (1, 2, 4):
        with pytest.raises(Conflict):
            await desk.pins.save(Pin("late", epoch), [pin_change(desk)])
    assert await desk.pins.load() == Pin("second", 2)
    assert await desk.kinds() == ["account.pin-changed"] * 2


async def test_one_of_many_first_pins_is_kept(desk, other):
    stores = [desk.pins, other.pins]
    saves = [stores[n % 2].save(Pin(f"hash {n}", 1), [pin_change(desk)]) for n in range(5)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    (kept,) = [n for n, result in enumerate(results) if result is None]
    assert await desk.pins.load() == Pin(f"hash {kept}", 1)
