"""Accounts on SQLite, the routes that lead to them, and who asks there."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from tests.account_desk import POLICY, SqlDesk
from tests.http.accounts.account_app import Client, app_of
from tests.http.accounts.factor_pages import ELSEWHERE, Browser


@pytest.fixture
def policy() -> AccountPolicy:
    return POLICY


@pytest.fixture
async def desk(sqlite_database: Database, clock: ManualClock, policy: AccountPolicy) -> SqlDesk:
    opened = SqlDesk(sqlite_database, clock, policy)
    await opened.open()
    return opened


@pytest.fixture
def site(desk: SqlDesk) -> Litestar:
    return app_of(desk)


@pytest.fixture
async def client(site: Litestar) -> AsyncIterator[Client]:
    """A program that has not signed in."""
    async with AsyncTestClient(site) as opened:
        yield opened


@pytest.fixture
async def page(site: Litestar) -> Browser:
    """A browser in which the administrator has signed in."""
    opened = Browser(site)
    await opened.sign_in()
    return opened


@pytest.fixture
def elsewhere(site: Litestar) -> Browser:
    """A browser at another address, in which nobody has signed in."""
    return Browser(site, ELSEWHERE)
