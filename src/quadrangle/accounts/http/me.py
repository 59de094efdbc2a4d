"""One's own account: who one is, the password, the sign-ins."""

from typing import Any

from litestar import Request, Response, delete, get, patch, put
from litestar.params import JSONBody

from quadrangle.accounts.http import wire
from quadrangle.accounts.http.cookies import still_signed_in
from quadrangle.accounts.http.parameters import SessionId
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.auth import SESSION_COOKIE, bearer_of
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.kernel.principal import Principal

TAGS = ["Accounts"]


@get(
    "/api/accounts/me",
    return_dto=None,
    summary="Who is signed in",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401),
)
async def who_am_i(
    principal: Injected[Principal], accounts: Injected[AccountService]
) -> Response[wire.Me]:
    return Response(wire.me(await accounts.own.overview(principal)), headers=PRIVATE)


@patch(
    "/api/accounts/me",
    dto=StrictBody,
    return_dto=None,
    summary="Change one's own name",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403, 409, 413),
)
async def rename_me(
    data: JSONBody[wire.NameBody],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.Person]:
    account = await accounts.own.rename(principal, data.name)
    return Response(wire.person(account), headers=PRIVATE)


@put(
    "/api/accounts/me/password",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
    summary="Change one's own password; every other sign-in ends",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(400, 401, 403, 409, 413, 429),
)
async def change_password(
    data: JSONBody[wire.PasswordBody],
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[None]:
    session = await accounts.secrets.change_password(
        principal, data.current_password, data.new_password, place
    )
    if SESSION_COOKIE in request.cookies:  # the page that did it stays signed in
        return still_signed_in(session, secure=secure_cookies)
    return Response(None, status_code=204)


@get(
    "/api/accounts/me/sessions",
    return_dto=None,
    summary="One's own sign-ins, the one seen last first",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(401, 403),
)
async def my_sessions(
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> Response[wire.SessionList]:
    found = await accounts.sessions.of_account(principal)
    token = bearer_of(request) or request.cookies[SESSION_COOKIE]
    current = await accounts.sessions.session_of(token)
    listed = [wire.session(each, current=each.sid == current) for each in found]
    return Response(wire.SessionList(listed), headers=PRIVATE)


@delete(
    "/api/accounts/me/sessions/{sessionId:str}",
    return_dto=None,
    status_code=204,
    summary="End one of one's own sign-ins",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(401, 403, 404),
)
async def end_session(
    session_id: SessionId,
    principal: Injected[Principal],
    accounts: Injected[AccountService],
) -> None:
    await accounts.sessions.end_one(session_id, principal)


OFTEN = [who_am_i, rename_me]  # of one address
SELDOM = [change_password, my_sessions, end_session]
