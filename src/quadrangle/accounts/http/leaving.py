"""Moving one's account to another address, and closing it."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.accounts.http import wire_sign_up as wire
from quadrangle.accounts.http.cookies import signed_out
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("Accounts")
ADDRESS_ASKED = "A link in the mail that this server writes to the new address confirms it."


@calls.put(
    "/api/accounts/me/email",
    "Move to another address, once it is confirmed by the mail to it",
    SIGNED_IN,
    status=202,
    fails=(429,),
)
async def change_email(
    data: JSONBody[wire.NewAddressBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    place: Injected[Place],
) -> Response[wire.MessageAnswer]:
    await accounts.leaving.ask_new_address(principal, data.email, data.password, place)
    return Response(wire.MessageAnswer(ADDRESS_ASKED), status_code=202, headers=PRIVATE)


@calls.post(
    "/api/accounts/me/close",
    "Close one's own account for good; personal data is erased",
    SIGNED_IN,
    status=204,
    fails=(409, 429),
)
async def close_account(
    data: JSONBody[wire.CloseBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[None]:
    await accounts.leaving.close(principal, data.password, place)
    return signed_out(secure=secure_cookies)


ROUTES: list[Any] = [change_email, close_account]
