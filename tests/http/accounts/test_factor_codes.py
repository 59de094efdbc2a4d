"""Codes of an authenticator app, and recovery codes for when it is out of reach."""

import asyncio
from datetime import timedelta

import pytest

from tests.account_desk import EMAIL, PASSWORD
from tests.http.accounts.factor_pages import Browser

# -- codes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("off_s", [-60, -30, 0, 30, 60])
async def test_a_phones_clock_may_be_a_minute_off(page, elsewhere, desk, clock, off_s):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    await elsewhere.sign_in(app.code(off_s))


@pytest.mark.parametrize("off_s", [-120, -90, 90, 120])
async def test_a_phones_clock_may_not_be_more_than_a_minute_off(
    page, elsewhere, desk, clock, off_s
):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    await elsewhere.sign_in(app.code(off_s), status=401)


async def test_each_code_is_taken_once_also_of_two_at_the_same_moment(page, site, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    body = {"email": EMAIL, "password": PASSWORD, "code": app.code()}
    browsers = [Browser(site) for _ in range(4)]
    answers = await asyncio.gather(*(each.call("POST", "sign-in", body) for each in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_the_code_that_confirmed_does_not_sign_in(page, elsewhere, desk):
    app, _ = await page.enrol(desk)
    await elsewhere.sign_in(app.code(), status=401)


async def test_an_older_code_is_refused_after_a_newer(page, elsewhere, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    older = app.code(-30)
    await elsewhere.sign_in(app.code())
    await elsewhere.sign_in(older, status=401)
    await elsewhere.sign_in(app.code(30))


async def test_a_missing_code_is_no_try_and_a_wrong_one_is(page, elsewhere, desk, clock):
    app, _ = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    for _ in range(12):
        await elsewhere.sign_in(status=401)
        await elsewhere.sign_in(" ", status=401)
    for _ in range(5):
        wrong = await elsewhere.sign_in("000000", status=401)
        assert wrong["codeRequired"] is True
    await elsewhere.sign_in(app.code(), status=429)


async def test_guessing_codes_waits_longer_each_time(page, elsewhere, desk, clock):
    await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    body = {"email": EMAIL, "password": PASSWORD, "code": "000000"}
    for _ in range(5):
        await elsewhere.call("POST", "sign-in", body)
    waits = []
    for _ in range(3):
        locked = await elsewhere.call("POST", "sign-in", body)
        assert locked.status_code == 429
        waits.append(int(locked.headers["Retry-After"]))
        clock.advance(timedelta(seconds=waits[-1]))
        assert (await elsewhere.call("POST", "sign-in", body)).status_code == 401
    assert waits == [60, 120, 240]


async def test_a_right_code_with_a_wrong_password_tells_nothing(page, elsewhere, desk, clock):
    app, codes = await page.enrol(desk)
    clock.advance(timedelta(minutes=5))
    for code in (app.code(), codes[0]):
        answer = await elsewhere.sign_in(code, status=401, password="wrong password")
        assert "codeRequired" not in answer
    await elsewhere.sign_in(app.code())
    await elsewhere.sign_in(codes[0])


# -- recovery codes -----------------------------------------------------------------------------


async def test_each_recovery_code_signs_in_once(page, elsewhere, desk):
    _, codes = await page.enrol(desk)
    for code in codes[:4]:
        await elsewhere.sign_in(code.upper().replace("-", " "))
        await elsewhere.sign_in(code, status=401)
    assert (await page.me())["twoFactor"]["recoveryCodesLeft"] == 6


async def test_a_recovery_code_used_twice_at_once_signs_in_once(page, site, desk):
    _, codes = await page.enrol(desk)
    body = {"email": EMAIL, "password": PASSWORD, "code": codes[0]}
    browsers = [Browser(site) for _ in range(4)]
    answers = await asyncio.gather(*(each.call("POST", "sign-in", body) for each in browsers))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_a_new_set_of_recovery_codes_ends_the_old(page, elsewhere, desk):
    _, old = await page.enrol(desk)
    renewed = await page.ask("POST", "me/recovery-codes", {"password": PASSWORD})
    new = renewed["recoveryCodes"]
    assert len(set(new)) == 10
    assert not set(new) & set(old)
    await elsewhere.sign_in(old[0], status=401)
    await elsewhere.sign_in(new[0])
    assert (await desk.changes())[-3].data == {"what": "recovery codes renewed"}


async def test_recovery_codes_need_a_second_factor_to_stand_in_for(page):
    await page.ask("POST", "me/recovery-codes", {"password": PASSWORD}, 409)
