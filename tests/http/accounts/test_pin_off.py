"""The PIN that staff shares, where it is switched off."""

import pytest

from quadrangle.hosts.shared.account_policy import policy_of
from tests.account_desk import ISSUER, PIN, SqlDesk
from tests.http.accounts.account_app import app_of
from tests.http.accounts.factor_pages import ELSEWHERE, Browser


@pytest.mark.parametrize(
    ("two_factor", "pin_sign_in", "on"),
    [
        ("optional", "", True),
        ("optional", "off", False),
        ("staff", "", False),
        ("staff", "on", True),
    ],
)
async def test_the_pin_does_not_lead_round_a_second_factor(
    sqlite_database, clock, two_factor, pin_sign_in, on
):
    desk = SqlDesk(sqlite_database, clock)
    await desk.open()
    elsewhere = Browser(app_of(desk), ELSEWHERE)
    await elsewhere.ask("POST", "pin", {"pin": PIN})
    policy = policy_of("invitation", (), two_factor, pin_sign_in, ISSUER)
    told = app_of(SqlDesk(desk.database, desk.clock, policy))
    elsewhere.client, kept = Browser(told).client, elsewhere.client.cookies
    options = await elsewhere.ask("GET", "options")
    assert options["pin"] is on
    await elsewhere.ask("POST", "pin", {"pin": PIN}, 200 if on else 403)
    elsewhere.client.cookies = kept
    await elsewhere.ask("POST", "refresh", {}, 200 if on else 401)
    elsewhere.client.cookies = kept
    await elsewhere.ask("GET", "staff", status=200 if on else 401)
