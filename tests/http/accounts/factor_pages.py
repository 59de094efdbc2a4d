"""Pages of people with second factors, as the account routes see them."""

from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from litestar import Litestar

from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.http.asking.auth import SESSION_COOKIE
from quadrangle.kernel.principal import Principal, Role
from tests.account_desk import EMAIL, ISSUER, PASSWORD, Desk
from tests.software_authenticator import Authenticator

HERE, ELSEWHERE = "198.51.100.7", "192.0.2.1"
BO = "bo@campus.example"
# a code of an authenticator app is good for this long
STEP = timedelta(seconds=30)
# a second factor is a must for those who look after others
strict = pytest.mark.parametrize(
    "policy", [AccountPolicy(factor_roles=frozenset({Role.STAFF, Role.ADMIN}))]
)


def device(**different: Any) -> Authenticator:
    """Return one that belongs to our site, but for what is different."""
    return Authenticator(**{"origin": ISSUER, "rp_id": "campus.example", **different})


class Browser:
    """One browser, which keeps its cookies."""

    def __init__(self, app: Litestar, address: str = HERE) -> None:
        self.address = address
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://campus.example"
        )

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        sent = {"X-Requested-With": "quadrangle", "X-Test-Address": self.address, **headers}
        path = f"/api/accounts/{path}"
        return await self.client.request(method, path, json=body, headers=sent)

    async def ask(
        self, method: str, path: str, body: Any = None, status: int = 200, **headers: str
    ) -> Any:
        """Return the body of an answer that must have this status."""
        answer = await self.call(method, path, body, **headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def sign_in(
        self, code: str | None = None, *, status: int = 200, password: str = PASSWORD
    ) -> Any:
        body = {"email": EMAIL, "password": password}
        return await self.ask(
            "POST", "sign-in", body if code is None else {**body, "code": code}, status
        )

    async def me(self) -> Any:
        return await self.ask("GET", "me")

    def forget_access(self) -> None:
        """Let the short cookie run out."""
        self.client.cookies.delete(SESSION_COOKIE)

    # -- an authenticator app -------------------------------------------------------------------

    async def enrol(self, desk: Desk) -> tuple["App", list[str]]:
        """Set up an app; return it and the recovery codes."""
        setup = await self.ask("POST", "me/totp", {"password": PASSWORD})
        app = App(setup["secret"], desk)
        body = {"enrolment": setup["enrolment"], "code": app.code()}
        confirmed = await self.ask("POST", "me/totp/confirm", body)
        return app, confirmed["recoveryCodes"]

    # -- passkeys -------------------------------------------------------------------------------

    async def add_passkey(
        self, device: Authenticator, name: str = "Laptop", status: int = 201
    ) -> Any:
        asked = await self.ask("POST", "me/passkeys/options", {"password": PASSWORD})
        body = {
            "state": asked["state"],
            "name": name,
            "credential": device.create(asked["options"]),
        }
        return await self.ask("POST", "me/passkeys", body, status)

    async def passkey_sign_in(self, device: Authenticator, status: int = 200) -> Any:
        asked = await self.ask("POST", "passkey/options")
        body = {"state": asked["state"], "credential": device.get(asked["options"])}
        return await self.ask("POST", "passkey", body, status)


class App:
    """An authenticator app whose clock is the desk's."""

    def __init__(self, secret: str, desk: Desk) -> None:
        self._totp = pyotp.TOTP(secret.replace(" ", ""))
        self._desk = desk

    def code(self, off_s: float = 0) -> str:
        """Return the code that a phone shows whose clock is that many seconds ahead."""
        return self._totp.at(int(self._desk.clock.now().timestamp() + off_s))


async def actor_of(desk: Desk, email: str = EMAIL) -> Principal:
    account = await desk.account(email)
    return Principal(account.name, account.role, account.account_id)


async def bo(site, desk: Desk) -> tuple[Browser, str]:
    """Return the page of a second person, and their password."""
    _, password = await desk.hire(await actor_of(desk), BO)
    opened = Browser(site)
    await opened.ask("POST", "sign-in", {"email": BO, "password": password})
    return opened, password
