"""Signing in on a real database, also from several processes at once."""

import asyncio
from datetime import timedelta

import pytest

from quadrangle.accounts.model import Place
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.secrets.first_start import ensure_first_admin, ensure_pin
from quadrangle.kernel.errors import (
    InvalidInput,
    NotSignedIn,
    TooManyRequests,
    Unavailable,
)
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, PASSWORD, PIN, Desk
from tests.contracts.accounts.tries import ELSEWHERE, HOME, is_ended, results_of, session_of

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
