"""What every store of sign-ins, used tokens and recovery codes keeps."""

import asyncio
from datetime import timedelta

import msgspec

from quadrangle.accounts.model import Account, Method, Place, Session
from quadrangle.accounts.tokens.session_rules import REFRESH_LIFE, begin
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Role
from tests.account_desk import Desk

ACCOUNT = Account(new_id(), "bo@campus.example", "Bo", Role.STAFF, "2026-01-01T00:00:00.000Z")
HOLDER = ACCOUNT.account_id


def session_of(desk: Desk, holder: str = HOLDER) -> Session:
    place = Place("198.51.100.7", "Firefox")
    return begin(
        new_id(), ACCOUNT, holder, Method.PASSWORD, place, b"0" * 32, desk.clock.now()
    ).session


async def add(desk: Desk, holder: str = HOLDER) -> Session:
    session = session_of(desk, holder)
    await desk.parts.sessions.add(session, desk.clock.now())
    return session


def ended(desk: Desk) -> Change:
    return Change("account.signed-out", HOLDER, {}, "Bo", to_text(desk.clock.now()))


def touched(session: Session) -> Session:
    return msgspec.structs.replace(session, generation=session.generation + 1)


# -- sign-ins -----------------------------------------------------------------------------------


async def test_every_field_of_a_session_is_kept(desk, other, clock):
    session = await add(desk)
    assert await other.parts.sessions.get(session.sid) == session
    fields = {
        "seen_at": to_text(clock.now() + timedelta(days=1)),
        "expires_at": to_text(clock.now() + timedelta(days=15)),
        "refresh_hash": "new",
        "replaced_hash": "old",
        "replaced_at": to_text(clock.now()),
        "nonce": "00",
        "generation": 1,
        "device": "",
    }
    wanted = msgspec.structs.replace(session, **fields)
    assert await desk.parts.sessions.update(session.sid, lambda _: wanted, clock.now()) == wanted
    assert await other.parts.sessions.get(session.sid) == wanted
    assert await desk.parts.sessions.get(new_id()) is None
    assert await desk.parts.sessions.update(new_id(), touched, clock.now()) is None


async def test_sessions_of_a_holder_come_the_one_seen_last_first(desk, clock):
    first, second = await add(desk), await add(desk)
    await add(desk, "another")
    later = to_text(clock.now() + timedelta(seconds=1))
    seen = await desk.parts.sessions.update(
        first.sid, lambda s: msgspec.structs.replace(s, seen_at=later), clock.now()
    )
    assert await desk.parts.sessions.of_holder(HOLDER) == [seen, second]
    assert await desk.parts.sessions.of_holder("nobody") == []


async def test_refreshes_made_side_by_side_all_count(desk, other, clock):
    session = await add(desk)
    stores = [desk.parts.sessions, other.parts.sessions]
    await asyncio.gather(
        *(stores[n % 2].update(session.sid, touched, clock.now()) for n in range(8))
    )
    assert (await desk.parts.sessions.get(session.sid)).generation == 8


async def test_a_refusal_saves_nothing(desk, clock):
    session = await add(desk)

    def decide(_: Session) -> Session:
        raise ValueError

    try:
        await desk.parts.sessions.update(session.sid, decide, clock.now())
    except ValueError:
        assert await desk.parts.sessions.get(session.sid) == session
    else:
        raise AssertionError("the refusal was lost")


async def test_a_session_ends_once_also_side_by_side(desk, other):
    session = await add(desk)
    stores = [desk.parts.sessions, other.parts.sessions]
    results = await asyncio.gather(
        *(stores[n % 2].end(session.sid, [ended(desk)]) for n in range(6))
    )
    assert results.count(True) == 1
    assert await other.parts.sessions.get(session.sid) is None
    assert await other.parts.sessions.of_holder(HOLDER) == []
    assert await desk.kinds() == ["account.signed-out"]


async def test_a_session_that_has_ended_is_not_refreshed_back_to_life(desk, other, clock):
    session = await add(desk)
    results = await asyncio.gather(
        desk.parts.sessions.end(session.sid, []),
        *(other.parts.sessions.update(session.sid, touched, clock.now()) for _ in range(3)),
    )
    assert results[0] is True
    assert await desk.parts.sessions.get(session.sid) is None
    assert await desk.parts.sessions.update(session.sid, touched, clock.now()) is None


async def test_all_sessions_of_a_holder_end_with_one_change(desk, other):
    sessions = [await add(desk) for _ in range(45)]
    kept = await add(desk, "another")
    await desk.parts.sessions.end_all(HOLDER, [ended(desk)])
    assert await other.parts.sessions.of_holder(HOLDER) == []
    assert await other.parts.sessions.get(sessions[0].sid) is None
    assert await other.parts.sessions.get(kept.sid) == kept
    assert await desk.kinds() == ["account.signed-out"]


async def test_ending_no_session_at_all_is_a_change_too(desk):
    await desk.parts.sessions.end_all(HOLDER, [ended(desk)])
    await desk.parts.sessions.end_all(HOLDER, [])
    assert await desk.kinds() == ["account.signed-out"]


async def test_others_may_sign_in_after_a_session_is_over(desk, clock):
    await add(desk)
    clock.advance(REFRESH_LIFE)
    fresh = await add(desk)
    assert fresh in await desk.parts.sessions.of_holder(HOLDER)


# -- used tokens --------------------------------------------------------------------------------


async def test_a_token_is_used_once_also_side_by_side(desk, other, clock):
    until = clock.now() + timedelta(hours=1)
    stores = [desk.parts.used_tokens, other.parts.used_tokens]
    uses = [stores[n % 2].use("one", until, clock.now()) for n in range(6)]
    assert (await asyncio.gather(*uses)).count(True) == 1
    assert await desk.parts.used_tokens.use("two", until, clock.now())
    clock.advance(timedelta(minutes=59))
    assert not await other.parts.used_tokens.use("one", until, clock.now())


# -- recovery codes -----------------------------------------------------------------------------


async def test_a_recovery_code_is_used_once_also_side_by_side(desk, other):
    await desk.parts.recovery_codes.replace(HOLDER, ["a", "b", "c"])
    stores = [desk.parts.recovery_codes, other.parts.recovery_codes]
    uses = [stores[n % 2].use(HOLDER, "a") for n in range(6)]
    assert (await asyncio.gather(*uses)).count(True) == 1
    assert await desk.parts.recovery_codes.count(HOLDER) == 2
    assert not await desk.parts.recovery_codes.use("another", "b")
    results = await asyncio.gather(stores[0].use(HOLDER, "b"), stores[1].use(HOLDER, "c"))
    assert results == [True, True]
    assert await desk.parts.recovery_codes.count(HOLDER) == 0


async def test_new_recovery_codes_end_the_old_ones(desk):
    await desk.parts.recovery_codes.replace(HOLDER, ["a", "b"])
    await desk.parts.recovery_codes.replace(HOLDER, ["c"])
    assert not await desk.parts.recovery_codes.use(HOLDER, "a")
    assert await desk.parts.recovery_codes.use(HOLDER, "c")
    await desk.parts.recovery_codes.replace(HOLDER, ["d"])
    await desk.parts.recovery_codes.replace(HOLDER, [])
    assert await desk.parts.recovery_codes.count(HOLDER) == 0
