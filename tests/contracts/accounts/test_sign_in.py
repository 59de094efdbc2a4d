"""Signing in on a real database, also from several processes at once."""

import asyncio
from datetime import timedelta

import pytest

from quadrangle.accounts.model import Place
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.secrets.first_start import ensure_first_admin, ensure_pin
from quadrangle.accounts.tokens.known_tokens import STALE_AFTER
from quadrangle.accounts.tokens.session_rules import LONGEST_SESSION
from quadrangle.kernel.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    Unavailable,
)
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, PASSWORD, PIN, Desk

HOME, ELSEWHERE = Place("198.51.100.7"), Place("192.0.2.1")


async def results_of(*tries) -> list:
    """Run side by side; return an exception's type in the place of a result."""
    results = await asyncio.gather(*tries, return_exceptions=True)
    return [type(r) if isinstance(r, BaseException) else r for r in results]


# -- lock-outs ----------------------------------------------------------------------------------


async def test_a_hundred_wrong_pins_at_once_get_five_looks(desk, other):
    await desk.open()
    desk.passwords.looks.clear()
    tries = [
        one.service.sign_in.with_pin(f"wrong-{n}", ELSEWHERE)
        for n in range(50)
        for one in (desk, other)
    ]
    results = await results_of(*tries)
    assert len(desk.passwords.looks) + len(other.passwords.looks) == 5
    assert results.count(NotSignedIn) == 5
    assert results.count(TooManyRequests) == 95


async def test_right_pins_at_once_are_all_let_in(desk):
    await desk.open()
    results = await results_of(*(desk.service.sign_in.with_pin(PIN, HOME) for _ in range(20)))
    assert not any(isinstance(r, type) for r in results)


async def test_a_lock_survives_a_restart_and_does_not_look_even_at_the_right_pin(
    desk, other, clock
):
    await desk.open()
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await desk.service.sign_in.with_pin("wrong-pin", ELSEWHERE)
    with pytest.raises(TooManyRequests) as caught:
        await other.service.sign_in.with_pin(PIN, ELSEWHERE)
    assert caught.value.retry_after_s == 60
    assert other.passwords.looks == []
    clock.advance(timedelta(seconds=60))
    await other.service.sign_in.with_pin(PIN, ELSEWHERE)
    assert (await desk.kinds())[-6:] == ["account.sign-in-failed"] * 5 + ["account.signed-in"]


async def test_a_hundred_wrong_passwords_at_once_get_five_looks(desk, other):
    await desk.open()
    desk.passwords.looks.clear()
    tries = [
        one.service.sign_in.with_password(EMAIL, f"wrong {n}", Place(f"192.0.2.{n}"))
        for n in range(50)
        for one in (desk, other)
    ]
    results = await results_of(*tries)
    assert len(desk.passwords.looks) + len(other.passwords.looks) == 5
    assert results.count(TooManyRequests) == 95


async def test_one_address_trying_many_accounts_is_locked_out(desk):
    await desk.open()
    tries = [
        desk.service.sign_in.with_password(f"{n}@campus.example", "wrong", ELSEWHERE)
        for n in range(40)
    ]
    results = await results_of(*tries)
    assert results.count(NotSignedIn) == 20
    assert results.count(TooManyRequests) == 20


async def test_a_new_password_from_an_admin_opens_the_lock(desk):
    admin = await desk.open()
    account, _ = await desk.hire(admin, "bo@campus.example")
    for n in range(6):
        await results_of(
            desk.service.sign_in.with_password("bo@campus.example", "wrong", Place(f"192.0.2.{n}"))
        )
    password = await desk.service.people.new_password(account.account_id, admin)
    await desk.service.sign_in.with_password("bo@campus.example", password, Place("192.0.2.99"))


async def test_a_current_password_cannot_be_guessed_with_a_stolen_token(desk):
    admin = await desk.open()
    tries = [
        desk.service.secrets.change_password(admin, f"wrong {n}", "a new password", ELSEWHERE)
        for n in range(10)
    ]
    results = await results_of(*tries)
    assert results.count(InvalidInput) == 5
    assert results.count(TooManyRequests) == 5


async def test_a_check_that_could_not_be_made_is_not_held_against_anyone(desk):
    await desk.open()
    desk.passwords._waiting = 10**6  # as if very many were waiting
    for _ in range(8):
        with pytest.raises(Unavailable):
            await desk.service.sign_in.with_pin(PIN, HOME)
    desk.passwords._waiting = 0
    await desk.service.sign_in.with_pin(PIN, HOME)


# -- what an answer gives away ------------------------------------------------------------------


async def test_nobody_learns_whether_an_account_exists(desk):
    admin = await desk.open()
    account, password = await desk.hire(admin, "gone@campus.example")
    await desk.service.people.edit(account.account_id, AccountEdit(active=False), admin)
    desk.passwords.looks.clear()
    told = set()
    for email, tried in (
        (EMAIL, "wrong password"),
        ("nobody@campus.example", "wrong password"),
        ("gone@campus.example", password),
    ):
        with pytest.raises(NotSignedIn) as caught:
            await desk.service.sign_in.with_password(email, tried, HOME)
        told.add(caught.value.message)
    assert len(told) == 1
    assert len(desk.passwords.looks) == 3  # each took a hash


async def test_changes_hold_no_secrets(desk):
    admin = await desk.open()
    _, password = await desk.hire(admin, "bo@campus.example")
    session = await desk.service.sign_in.with_password("bo@campus.example", password, HOME)
    await results_of(desk.service.sign_in.with_password(EMAIL, "my-other-secret", HOME))
    pin = await desk.service.secrets.change_pin(admin, None)
    written = str(await desk.changes())
    for secret in (password, "my-other-secret", pin, session.access_token, session.refresh_token):
        assert secret not in written


# -- what ends a session ------------------------------------------------------------------------


async def session_of(desk: Desk, email: str = EMAIL, password: str = PASSWORD) -> str:
    return (await desk.service.sign_in.with_password(email, password, HOME)).access_token


async def hired(desk: Desk) -> tuple[Principal, str, str]:
    """Return an admin, and a staff member's id and token."""
    admin = await desk.open()
    account, password = await desk.hire(admin, "bo@campus.example")
    token = await session_of(desk, "bo@campus.example", password)
    assert (await desk.service.sessions.authenticate(token)).account_id == account.account_id
    return admin, account.account_id, token


async def is_ended(desk: Desk, token: str) -> bool:
    try:
        await desk.service.sessions.authenticate(token)
    except NotSignedIn:
        return True
    return False


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


# -- the first start ----------------------------------------------------------------------------


async def first_start(desk: Desk, password: str | None = None, pin: str | None = None):
    return (
        await ensure_first_admin(desk.accounts, desk.credentials, desk.clock, EMAIL, password),
        await ensure_pin(desk.pins, desk.passwords, desk.clock, pin),
    )


async def test_the_first_start_makes_secrets_once_among_several_processes(desk, other):
    results = await asyncio.gather(*(first_start(one) for one in (desk, other) * 3))
    (password,) = [made for made, _ in results if made]
    (pin,) = [made for _, made in results if made]
    await session_of(desk, password=password)
    await desk.service.sign_in.with_pin(pin, HOME)
    assert await first_start(other) == (None, None)


async def test_secrets_of_the_environment_are_taken_and_not_shown(desk):
    assert await first_start(desk, PASSWORD, PIN) == (None, None)
    assert (await desk.account(EMAIL)).role is Role.ADMIN
    await session_of(desk)
    await desk.service.sign_in.with_pin(PIN, HOME)


async def test_the_same_secrets_at_the_next_start_change_nothing(desk):
    await first_start(desk, PASSWORD, PIN)
    token = await session_of(desk)
    before = await desk.kinds()
    assert await first_start(desk, PASSWORD, PIN) == (None, None)
    assert await desk.kinds() == before
    assert not await is_ended(desk, token)


async def test_other_secrets_at_the_next_start_replace_the_old_and_end_their_sessions(desk, other):
    await first_start(desk)
    admin = await desk.account(EMAIL)
    await asyncio.gather(*(first_start(one, PASSWORD, PIN) for one in (desk, other)))
    assert (await desk.account(EMAIL)).epoch == admin.epoch + 1
    assert (await desk.pins.load()).epoch == 2
    await session_of(desk)
    await desk.service.sign_in.with_pin(PIN, HOME)


async def test_a_start_does_not_undo_what_admins_decided(desk):
    admin = await desk.open()
    second, _ = await desk.hire(admin, "bo@campus.example", Role.ADMIN)
    actor = Principal("Bo", Role.ADMIN, second.account_id)
    await desk.service.people.edit(
        admin.account_id, AccountEdit(active=False, role=Role.STAFF), actor
    )
    await first_start(desk, "another password")
    account = await desk.account(EMAIL)
    assert (account.active, account.role) == (False, Role.STAFF)


async def test_secrets_that_are_too_easy_are_refused_at_the_start(desk):
    with pytest.raises(InvalidInput):
        await first_start(desk, "password123")
    with pytest.raises(InvalidInput):
        await first_start(desk, None, "123456")
