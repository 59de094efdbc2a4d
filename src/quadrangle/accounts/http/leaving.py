"""Moving one's account to another address, and closing it."""

from typing import Any

from litestar import Response, post, put
from litestar.params import JSONBody

from quadrangle.accounts.http import wire_sign_up as wire
from quadrangle.accounts.http.cookies import signed_out
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.kernel.principal import Principal

TAGS = ["Accounts"]
ADDRESS_ASKED = "Please look into the mail of the new address: a link in it confirms the change."


@put(
    "/api/accounts/me/email",
    dto=StrictBody,
    return_dto=None,
    status_code=202,
    summary="Move to another address, once it is confirmed by the mail to it",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 413, 429),
)
async def change_email(
    data: JSONBody[wire.NewAddressBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    place: Injected[Place],
) -> Response[wire.Told]:
    await accounts.leaving.ask_new_address(principal, data.email, data.password, place)
    return Response(wire.Told(ADDRESS_ASKED), status_code=202, headers=PRIVATE)


@post(
    "/api/accounts/me/close",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
    summary="Close one's own account for good; personal data is erased",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(400, 401, 403, 409, 413, 429),
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
