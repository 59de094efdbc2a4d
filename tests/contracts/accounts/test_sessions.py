"""Sign-ins on a real database: what ends them, and how they are refreshed."""

import asyncio
from datetime import timedelta

import pytest

from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.tokens.known_tokens import STALE_AFTER
from quadrangle.accounts.tokens.session_rules import LONGEST_SESSION
from quadrangle.kernel.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
)
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, PASSWORD, PIN, Desk
from tests.contracts.accounts.tries import ELSEWHERE, HOME, hired, is_ended, results_of, session_of

# -- what ends a session ------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [AccountEdit(active=False), AccountEdit(role=Role.ADMIN)])
async def test_deactivation_and_another_role_end_tokens_at_once(desk, wanted):
    admin, account_id, token = await hired(desk)
    await desk.service.people.edit(account_id, wanted, admin)
    assert await is_ended(desk, token)


async def test_another_name_ends_nothing(desk):
    admin, account_id, token = await hired(desk)
    await desk.service.people.edit(account_id, AccountEdit(name="Beau"), admin)
    assert (await desk.service.sessions.authenticate(token)).name == "Beau"


async def test_a_new_password_ends_tokens_at_once(desk):
    admin, account_id, token = await hired(desk)
    await desk.service.people.new_password(account_id, admin)
    assert await is_ended(desk, token)


async def test_switching_an_account_on_again_does_not_revive_its_tokens(desk):
    admin, account_id, token = await hired(desk)
    for active in (False, True):
        await desk.service.people.edit(account_id, AccountEdit(active=active), admin)
    assert await is_ended(desk, token)


async def test_changing_the_pin_ends_what_was_signed_in_with_it(desk):
    admin = await desk.open()
    token = (await desk.service.sign_in.with_pin(PIN, HOME)).access_token
    staff = await desk.service.sessions.authenticate(token)
    assert staff == Principal("Staff (PIN)", Role.STAFF)
    await desk.service.secrets.change_pin(admin, "new-pin-1")
    assert await is_ended(desk, token)
    await desk.service.sign_in.with_pin("new-pin-1", HOME)


async def test_a_change_by_another_process_counts_at_once_or_within_seconds(desk, other, clock):
    admin, account_id, token = await hired(desk)
    await other.service.people.edit(account_id, AccountEdit(active=False), admin)
    assert not await is_ended(desk, token)  # remembered still
    clock.advance(STALE_AFTER)
    assert await is_ended(desk, token)

    await other.service.people.edit(account_id, AccountEdit(active=True), admin)
    password = await other.service.people.new_password(account_id, admin)
    token = await session_of(desk, "bo@campus.example", password)
    assert not await is_ended(desk, token)
    await other.service.people.new_password(account_id, admin)
    desk.service.on_change((await other.changes())[-1])
    assert await is_ended(desk, token)


async def test_signing_out_ends_all_tokens_of_that_sign_in_only(desk, other):
    await desk.open()
    first = await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)
    second = await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)
    refreshed = await desk.service.sessions.refresh(first.refresh_token, HOME)
    await desk.service.sessions.sign_out(first.access_token)
    await desk.service.sessions.sign_out(first.access_token)  # twice is once
    for one in (desk, other):
        for token in (first.access_token, refreshed.access_token):
            assert await is_ended(one, token)
        assert not await is_ended(one, second.access_token)
    with pytest.raises(NotSignedIn):
        await desk.service.sessions.refresh(refreshed.refresh_token, HOME)
    assert (await desk.kinds()).count("account.signed-out") == 1


async def test_a_refresh_token_signs_its_sign_in_out(desk):
    await desk.open()
    session = await desk.service.sign_in.with_pin(PIN, HOME)
    await desk.service.sessions.sign_out(session.refresh_token)
    assert await is_ended(desk, session.access_token)


async def test_a_session_slides_by_refreshing_but_not_for_ever(desk, clock):
    await desk.open()
    session = await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)
    assert (session.expires_in, session.refresh_expires_in) == (15 * 60, 14 * 24 * 3600)
    began = clock.now()
    for _ in range(10):
        clock.advance(timedelta(days=13))
        (result,) = await results_of(desk.service.sessions.refresh(session.refresh_token, HOME))
        if result is NotSignedIn:
            break
        session = result
    assert timedelta() <= clock.now() - began - LONGEST_SESSION < timedelta(days=13)


# -- refresh tokens -----------------------------------------------------------------------------


async def refreshed(desk: Desk, token: str):
    return await desk.service.sessions.refresh(token, HOME)


async def test_a_repeated_refresh_gets_the_same_successor_for_a_minute(desk, other, clock):
    await desk.open()
    first = (await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)).refresh_token
    successors = await asyncio.gather(
        *(refreshed(one, first) for one in (desk, other) for _ in range(3))
    )
    (successor,) = {each.refresh_token for each in successors}
    assert successor != first
    clock.advance(timedelta(seconds=59))
    assert (await refreshed(desk, first)).refresh_token == successor
    assert (await refreshed(desk, successor)).refresh_token not in (first, successor)


async def test_a_refresh_token_used_again_later_ends_the_sign_in_for_both(desk, other, clock):
    await desk.open()
    first = (await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)).refresh_token
    second = await refreshed(desk, first)
    clock.advance(timedelta(seconds=60))
    assert await results_of(other.service.sessions.refresh(first, ELSEWHERE)) == [NotSignedIn]
    assert await results_of(refreshed(desk, second.refresh_token)) == [NotSignedIn]
    assert await is_ended(other, second.access_token)
    last = (await desk.changes())[-1]
    assert (last.kind, last.origin) == ("account.refresh-reused", ELSEWHERE.address)


async def test_an_older_refresh_token_ends_the_sign_in_even_at_once(desk):
    await desk.open()
    first = (await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)).refresh_token
    second = (await refreshed(desk, first)).refresh_token
    third = (await refreshed(desk, second)).refresh_token
    assert await results_of(refreshed(desk, first)) == [NotSignedIn]
    assert await results_of(refreshed(desk, third)) == [NotSignedIn]


@pytest.mark.parametrize("made_up", ["", "x", ".", "a.b", "é.é", "x" * 5000])
async def test_what_is_no_refresh_token_is_refused(desk, made_up):
    await desk.open()
    assert await results_of(refreshed(desk, made_up)) == [NotSignedIn]


async def test_another_sessions_secret_does_not_refresh_this_one(desk):
    await desk.open()
    mine = (await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)).refresh_token
    theirs = (await desk.service.sign_in.with_pin(PIN, HOME)).refresh_token
    mixed = mine.partition(".")[0] + "." + theirs.partition(".")[2]
    assert await results_of(refreshed(desk, mixed)) == [NotSignedIn]


async def test_nothing_stored_is_a_refresh_token(desk):
    await desk.open()
    token = (await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)).refresh_token
    account = await desk.account(EMAIL)
    (stored,) = await desk.parts.sessions.of_holder(account.account_id)
    assert token.partition(".")[2] not in str(stored)


async def test_refreshing_ends_with_the_password_it_began_with(desk):
    admin = await desk.open()
    token = (await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)).refresh_token
    await desk.service.secrets.change_password(admin, PASSWORD, "a better phrase", HOME)
    assert await results_of(refreshed(desk, token)) == [NotSignedIn]


async def test_sign_ins_are_listed_and_ended_one_by_one_or_all_at_once(desk):
    me = await desk.open()
    phone = await desk.service.sign_in.with_password(EMAIL, PASSWORD, ELSEWHERE)
    here = await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)
    sessions_of = desk.service.sessions.of_account
    listed = {each.origin: each.sid for each in await sessions_of(me)}
    assert set(listed) == {HOME.address, ELSEWHERE.address}
    await desk.service.sessions.end_one(listed[ELSEWHERE.address], me)
    assert await is_ended(desk, phone.access_token)
    assert [each.origin for each in await sessions_of(me)] == [HOME.address]
    _, password = await desk.hire(me, "bo@campus.example")
    theirs = await session_of(desk, "bo@campus.example", password)
    stranger = await desk.service.sessions.authenticate(theirs)
    with pytest.raises(NotFound):
        await desk.service.sessions.end_one(listed[HOME.address], stranger)
    await desk.service.sessions.end_own(me)
    assert await is_ended(desk, here.access_token)
    assert not await is_ended(desk, theirs)


async def test_expired_tokens_are_not_remembered_as_good(desk, clock):
    await desk.open()
    token = await session_of(desk)
    clock.advance(timedelta(minutes=15, seconds=59))
    assert not await is_ended(desk, token)
    clock.advance(timedelta(seconds=2))
    assert await is_ended(desk, token)


async def test_changing_ones_password_ends_other_sessions_and_begins_one(desk):
    await desk.open()
    old = await session_of(desk)
    me = await desk.service.sessions.authenticate(old)
    new = await desk.service.secrets.change_password(me, PASSWORD, "a better phrase", HOME)
    assert await is_ended(desk, old)
    assert not await is_ended(desk, new.access_token)
    assert await results_of(session_of(desk)) == [NotSignedIn]
    await session_of(desk, password="a better phrase")


async def test_of_two_password_changes_at_once_one_holds(desk, other):
    me = await desk.open()
    results = await results_of(
        *(
            one.service.secrets.change_password(me, PASSWORD, f"{n} is the new one", HOME)
            for n, one in enumerate((desk, other))
        )
    )
    (held,) = [n for n, result in enumerate(results) if result not in (Conflict, InvalidInput)]
    await session_of(desk, password=f"{held} is the new one")
