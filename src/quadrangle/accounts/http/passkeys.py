"""Passkeys: one's own, and signing in with one."""

from typing import Any

from litestar import Request, Response
from litestar.params import JSONBody

from quadrangle.accounts.http import wire, wire_factors
from quadrangle.accounts.http.cookies import carried_on, signed_in
from quadrangle.accounts.http.current import CURRENT
from quadrangle.accounts.http.parameters import PasskeyId
from quadrangle.accounts.model import Place, Session
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.principal import Principal

calls = Calls("Accounts")


@calls.post(
    "/api/accounts/passkey/options",
    "What to ask the browser for to sign in with a passkey",
    status=200,
)
async def passkey_options(
    accounts: Injected[AccountService],
) -> Response[wire_factors.Ceremony]:
    asked = await accounts.passkey_sign_in.begin()
    return Response(wire_factors.ceremony(asked), headers=PRIVATE)


@calls.post("/api/accounts/passkey", "Sign in with a passkey", status=200, fails=(401, 429))
async def sign_in_with_passkey(
    data: JSONBody[wire_factors.PasskeySignInBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[wire.SignedInAnswer]:
    session = await accounts.passkey_sign_in.finish(data.state, data.credential, place)
    return signed_in(session, secure=secure_cookies)


@calls.get("/api/accounts/me/passkeys", "One's own passkeys, the oldest first", SIGNED_IN)
async def my_passkeys(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire_factors.PasskeyList]:
    found = await accounts.passkeys.of_own(principal)
    listed = [wire_factors.passkey(each) for each in found]
    return Response(wire_factors.PasskeyList(listed), headers=PRIVATE)


@calls.post(
    "/api/accounts/me/passkeys/options",
    "What to ask the browser for to add a passkey",
    SIGNED_IN,
    status=200,
    fails=(409, 429),
    dependencies=CURRENT,
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


@calls.post(
    "/api/accounts/me/passkeys",
    "Add a passkey; every other sign-in ends",
    SIGNED_IN,
    status=201,
    fails=(409, 410),
    dependencies=CURRENT,
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


@calls.patch(
    "/api/accounts/me/passkeys/{passkeyId:str}",
    "Give one of one's own passkeys another name",
    SIGNED_IN,
)
async def rename_passkey(
    passkey_id: PasskeyId,
    data: JSONBody[wire_factors.PasskeyNameBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire_factors.PasskeyEntry]:
    renamed = await accounts.passkeys.rename(principal, passkey_id, data.name)
    return Response(wire_factors.passkey(renamed), headers=PRIVATE)


@calls.post(
    "/api/accounts/me/passkeys/{passkeyId:str}/remove",
    "Remove one of one's own passkeys; every other sign-in ends",
    SIGNED_IN,
    status=204,
    fails=(409, 429),
    dependencies=CURRENT,
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
