"""Trying to get in, from places, many times at once."""

import asyncio

from quadrangle.accounts.model import Place
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.principal import Principal
from tests.account_desk import EMAIL, PASSWORD, Desk

HOME, ELSEWHERE = Place("198.51.100.7"), Place("192.0.2.1")


async def results_of(*tries) -> list:
    """Run side by side; return an exception's type in the place of a result."""
    results = await asyncio.gather(*tries, return_exceptions=True)
    return [type(r) if isinstance(r, BaseException) else r for r in results]


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
