"""Passkeys: one's own, and signing in with one."""

from typing import Any

from litestar import Request, Response, get, patch, post
from litestar.params import JSONBody

from quadrangle.accounts.http import wire, wire_factors
from quadrangle.accounts.http.cookies import carried_on, signed_in
from quadrangle.accounts.http.current import CURRENT
from quadrangle.accounts.http.parameters import PasskeyId
from quadrangle.accounts.model import Place, Session
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.kernel.principal import Principal

TAGS = ["Accounts"]


@post(
    "/api/accounts/passkey/options",
    return_dto=None,
    status_code=200,
    summary="What to ask the browser for to sign in with a passkey",
    tags=TAGS,
    responses=problems(),
)
async def passkey_options(
    accounts: Injected[AccountService],
) -> Response[wire_factors.Ceremony]:
    asked = await accounts.passkey_sign_in.begin()
    return Response(wire_factors.ceremony(asked), headers=PRIVATE)


@post(
    "/api/accounts/passkey",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Sign in with a passkey",
    tags=TAGS,
    responses=problems(400, 401, 413, 429),
)
async def sign_in_with_passkey(
    data: JSONBody[wire_factors.PasskeySignInBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[wire.SignedInAnswer]:
    session = await accounts.passkey_sign_in.finish(data.state, data.credential, place)
    return signed_in(session, secure=secure_cookies)


@get(
    "/api/accounts/me/passkeys",
    return_dto=None,
    summary="One's own passkeys, the oldest first",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403),
)
async def my_passkeys(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire_factors.PasskeyList]:
    found = await accounts.passkeys.of_own(principal)
    listed = [wire_factors.passkey(each) for each in found]
    return Response(wire_factors.PasskeyList(listed), headers=PRIVATE)


@post(
    "/api/accounts/me/passkeys/options",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="What to ask the browser for to add a passkey",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=problems(400, 401, 403, 409, 413, 429),
)
async def new_passkey_options(
    data: JSONBody[wire_factors.PasswordOnlyBody],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    place: Injected[Place],
) -> Response[wire_factors.Ceremony]:
    asked = await accounts.passkeys.begin(principal, data.password, session, place)
    return Response(wire_factors.ceremony(asked), headers=PRIVATE)


@post(
    "/api/accounts/me/passkeys",
    dto=StrictBody,
    return_dto=None,
    status_code=201,
    summary="Add a passkey; every other sign-in ends",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=problems(400, 401, 403, 409, 410, 413),
)
async def add_passkey(
    data: JSONBody[wire_factors.AddPasskeyBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    secure_cookies: Injected[bool],
) -> Response[wire_factors.NewPasskey]:
    new = await accounts.passkeys.add(principal, data.state, data.name, data.credential, session)
    content = wire_factors.added(new)
    cookies = carried_on(new.access, request, secure=secure_cookies)
    return Response(content, cookies=cookies, headers=PRIVATE)


@patch(
    "/api/accounts/me/passkeys/{passkeyId:str}",
    dto=StrictBody,
    return_dto=None,
    summary="Give one of one's own passkeys another name",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 404, 413),
)
async def rename_passkey(
    passkey_id: PasskeyId,
    data: JSONBody[wire_factors.PasskeyNameBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire_factors.PasskeyEntry]:
    renamed = await accounts.passkeys.rename(principal, passkey_id, data.name)
    return Response(wire_factors.passkey(renamed), headers=PRIVATE)


@post(
    "/api/accounts/me/passkeys/{passkeyId:str}/remove",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
    summary="Remove one of one's own passkeys; every other sign-in ends",
    tags=TAGS,
    security=SIGNED_IN,
    dependencies=CURRENT,
    responses=without_body(204) | problems(400, 401, 403, 404, 409, 413, 429),
)
async def remove_passkey(
    passkey_id: PasskeyId,
    data: JSONBody[wire_factors.PasswordOnlyBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    session: Injected[Session | None],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[None]:
    access = await accounts.passkeys.remove(principal, passkey_id, data.password, session, place)
    cookies = carried_on(access, request, secure=secure_cookies)
    return Response(None, cookies=cookies, headers=PRIVATE)


ROUTES = [
    passkey_options,
    sign_in_with_passkey,
    my_passkeys,
    new_passkey_options,
    add_passkey,
    rename_passkey,
    remove_passkey,
]
