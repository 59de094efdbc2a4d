"""How people get in here, which every sign-in page asks for."""

from quadrangle.accounts.http import wire_sign_up as wire
from quadrangle.accounts.service import AccountService
from quadrangle.http.injection import Injected
from quadrangle.http.routes import Calls

calls = Calls("Accounts")


@calls.get("/api/accounts/options", "How people get in here")
async def options(accounts: Injected[AccountService]) -> wire.Options:
    return wire.options(accounts.policy, accounts.outside.offered())


ROUTES = [options]
