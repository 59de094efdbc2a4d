"""How people get in here, which every sign-in page asks for."""

from litestar import get

from quadrangle.accounts.http import wire_sign_up as wire
from quadrangle.accounts.service import AccountService
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import problems

TAGS = ["Accounts"]


@get(
    "/api/accounts/options",
    return_dto=None,
    summary="How people get in here",
    tags=TAGS,
    responses=problems(),
)
async def options(accounts: Injected[AccountService]) -> wire.Options:
    return wire.options(accounts.policy, accounts.outside.offered())


ROUTES = [options]
