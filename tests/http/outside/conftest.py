"""A real provider, and an account service that knows it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from litestar.testing import AsyncTestClient

from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.tokens.identity_ports import callback_path
from quadrangle.accounts.tokens.issuers import bearers
from quadrangle.kernel.clock import SystemClock
from quadrangle.portable.single_sign_on.code_flow import Registration
from quadrangle.portable.single_sign_on.oidc import OidcIssuer
from quadrangle.portable.tokens.tokens import JwtTokens
from quadrangle.sql.base.database import Database
from tests.account_desk import ISSUER, KEY, POLICY, Desk, SqlDesk
from tests.http.accounts.account_app import Client, app_of
from tests.http.outside.provider import CLIENT_ID, CLIENT_SECRET, Provider

BASE = "http://testserver.local"  # the address of the test client
REDIRECT = BASE + callback_path("campus")


def registration(iss: str, **other: object) -> Registration:
    fields = {
        "issuer_id": "campus",
        "name": "Campus",
        "iss": iss,
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "secret": lambda: CLIENT_SECRET,
        **other,
    }
    return Registration(**fields)


class OutsideDesk(SqlDesk):
    """The parts of a process to which an outside issuer is known."""

    def __init__(
        self,
        database: Database,
        iss: str,
        clock: SystemClock,
        policy: AccountPolicy = POLICY,
        **other: object,
    ) -> None:
        self.issuer = OidcIssuer(registration(iss, **other), clock)
        super().__init__(database, clock, policy, outside_issuers=(self.issuer,))

    def make_tokens(self) -> JwtTokens:
        believed = bearers(self.issuer.iss, self.issuer.keys, ISSUER)
        return JwtTokens(lambda: [KEY], ISSUER, self.clock, [believed])


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    running = Provider(REDIRECT).start()
    yield running
    running.stop()


@pytest.fixture
async def desk(sqlite_database: Database, provider: Provider) -> Desk:
    desk = OutsideDesk(sqlite_database, provider.iss, SystemClock(), sign_up=True)
    await desk.open()
    return desk


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    async with AsyncTestClient(app_of(desk), base_url=BASE) as opened:
        opened.follow_redirects = False
        yield opened
