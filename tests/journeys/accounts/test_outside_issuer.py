"""Signing in by the campus's own single sign-on, in a real browser, from one site to another."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from quadrangle.accounts.tokens.identity_ports import callback_path
from tests.http.outside.provider import CLIENT_ID, CLIENT_SECRET, MISSING, Provider
from tests.journeys.accounts.account_steps import part
from tests.journeys.conftest import DESKTOP, Visitor
from tests.running import VISITED, Campus, RunningServer, free_port

# What `make test-aws` deployed knows an issuer of its own, when there is a provider.
ITS_ISSUER = os.environ.get("QUADRANGLE_TEST_ISSUER", "")
here_only = pytest.mark.skipif(bool(VISITED), reason="looks at a server of its own, from inside")


@pytest.fixture(scope="module")
def campus(request: pytest.FixtureRequest) -> Campus:
    """An installation that knows an issuer: the one that is visited, or a server."""
    if not VISITED:
        return request.getfixturevalue("running")
    if not ITS_ISSUER:
        pytest.skip(MISSING)
    return Campus(VISITED)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server at 127.0.0.1 and an issuer at localhost: to a browser these are two sites."""
    folder, port = tmp_path_factory.mktemp("single-sign-on"), free_port()
    running = RunningServer(
        folder,
        QUADRANGLE_OIDC_ISSUER=f"http://localhost:{port}",
        QUADRANGLE_OIDC_CLIENT_ID=CLIENT_ID,
        QUADRANGLE_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        QUADRANGLE_OIDC_SIGN_UP="on",
    )
    redirect = running.base + callback_path("campus")
    provider = Provider(redirect, host="localhost", port=port).start()
    running.start()
    yield running
    running.stop()
    provider.stop()


def test_sign_in_by_the_issuer_land_and_sign_out(browser: Browser, campus: Campus):
    visitor = Visitor(browser, campus, viewport=DESKTOP)
    page = visitor.open("/sign-in?next=/account")
    page.get_by_role("link", name="Sign in with campus account").click()
    expect(page).to_have_title("Campus sign-in")
    page.get_by_label("Name").fill("ada")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(campus.base + "/account")
    expect(part(page, "Password")).to_contain_text("have no password here")
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("dialog")).to_contain_text("signed in within the last ten minutes")
    visitor.check_accessibility()
    page.get_by_role("button", name="Cancel").click()
    me = "() => fetch('/api/accounts/me').then((answer) => answer.json())"
    assert page.evaluate(me)["email"] == "ada@campus.example"
    status = page.evaluate(
        """() => fetch('/api/accounts/sign-out', {
          method: 'POST', headers: {'X-Requested-With': 'quadrangle'},
        }).then((answer) => answer.status)"""
    )
    assert status == 204
    assert page.evaluate("() => fetch('/api/accounts/me').then((a) => a.status)") == 401
    visitor.close()


def test_saying_no_at_the_issuer_leads_to_the_sign_in_page(browser: Browser, campus: Campus):
    visitor = Visitor(browser, campus, viewport=DESKTOP)
    page = visitor.open("/api/accounts/oidc/campus/start?next=/track")
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(campus.base + "/sign-in#problem=denied")
    visitor.close()


@here_only
def test_the_log_has_no_client_secret(running: RunningServer):
    assert CLIENT_SECRET not in running.log.read_text()


@here_only
def test_a_leaked_key_is_replaced_while_the_server_runs(running: RunningServer):
    token = running.sign_in()
    (before,) = running.call("GET", "/.well-known/jwks.json").json["keys"]
    assert before["kid"] in running.command("keys", "list").stdout
    assert running.command("keys", "rotate").stdout == "No rotation is due.\n"
    assert running.command("keys", "rotate", "--now").returncode == 0
    (after,) = running.call("GET", "/.well-known/jwks.json").json["keys"]
    assert after["kid"] != before["kid"]
    assert set(after) == {"kty", "crv", "x", "kid", "use", "alg"}
    # what was looked at within the last seconds is believed no longer than those
    fresh = running.sign_in()
    assert running.call("GET", "/api/accounts/me", token=fresh).status == 200
    assert running.call("GET", "/api/accounts/me", token=token).status == 401
