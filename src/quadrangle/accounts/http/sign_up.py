"""Signing up, confirming an address, a forgotten password, accepting an invitation.

None of these tells whether an account exists: who owns the address learns that by mail.
"""

from typing import Any

from litestar import Response, post, put
from litestar.params import JSONBody

from quadrangle.accounts.http import wire_sign_up as wire
from quadrangle.accounts.http.cookies import signed_in
from quadrangle.accounts.http.wire import SignedInAnswer
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.bodies import StrictBody
from quadrangle.http.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import problems, without_body

TAGS = ["Accounts"]
SIGNED_UP = "Please look into your mail: a link in it confirms your address."
CONFIRMATION_SENT = "If there is an address to confirm, a mail with a link is on its way."
RESET_SENT = "If this address has an account, a mail with a link is on its way."


@post(
    "/api/accounts/sign-up",
    dto=StrictBody,
    return_dto=None,
    status_code=202,
    summary="Open an account, which waits for its address to be confirmed",
    tags=TAGS,
    responses=problems(400, 403, 413, 429),
)
async def sign_up(
    data: JSONBody[wire.SignUpBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Told]:
    await accounts.signing_up.sign_up(data.email, data.name, data.password, place)
    return _told(SIGNED_UP)


@post(
    "/api/accounts/confirmation",
    dto=StrictBody,
    return_dto=None,
    status_code=202,
    summary="Have the mail that confirms an address sent once more",
    tags=TAGS,
    responses=problems(400, 413, 429),
)
async def ask_confirmation(
    data: JSONBody[wire.AddressBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Told]:
    await accounts.signing_up.ask_confirmation(data.email, place)
    return _told(CONFIRMATION_SENT)


@post(
    "/api/accounts/confirm",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Confirm the address of a new account, or a new address",
    tags=TAGS,
    responses=problems(400, 410, 413, 429),
)
async def confirm(
    data: JSONBody[wire.TokenBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Confirmed]:
    email = await accounts.signing_up.confirm(data.token, place)
    return Response(wire.Confirmed(email), headers=PRIVATE)


@post(
    "/api/accounts/password-reset",
    dto=StrictBody,
    return_dto=None,
    status_code=202,
    summary="Have a link sent by which a forgotten password is replaced",
    tags=TAGS,
    responses=problems(400, 413, 429),
)
async def ask_password_reset(
    data: JSONBody[wire.AddressBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Told]:
    await accounts.signing_up.ask_reset(data.email, place)
    return _told(RESET_SENT)


@put(
    "/api/accounts/password-reset",
    dto=StrictBody,
    return_dto=None,
    status_code=204,
    summary="Replace a forgotten password; every sign-in ends",
    tags=TAGS,
    responses=without_body(204) | problems(400, 410, 413, 429),
)
async def reset_password(
    data: JSONBody[wire.ResetBody], accounts: Injected[AccountService], place: Injected[Place]
) -> None:
    await accounts.taking_links.reset_password(data.token, data.new_password, place)


@post(
    "/api/accounts/invitation/look",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="What one is invited to",
    tags=TAGS,
    responses=problems(400, 410, 413, 429),
)
async def look_at_invitation(
    data: JSONBody[wire.TokenBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Invitation]:
    account = await accounts.taking_links.invitation(data.token, place)
    invitation = wire.Invitation(account.email, account.name, account.role)
    return Response(invitation, headers=PRIVATE)


@post(
    "/api/accounts/invitation",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
    summary="Take an account one is invited to, and sign in",
    tags=TAGS,
    responses=problems(400, 410, 413, 429),
)
async def accept_invitation(
    data: JSONBody[wire.AcceptBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[SignedInAnswer]:
    session = await accounts.taking_links.accept(data.token, data.name, data.password, place)
    return signed_in(session, secure=secure_cookies)


def _told(message: str) -> Response[wire.Told]:
    return Response(wire.Told(message), status_code=202, headers=PRIVATE)


ROUTES: list[Any] = [
    sign_up,
    ask_confirmation,
    confirm,
    ask_password_reset,
    reset_password,
    look_at_invitation,
    accept_invitation,
]
