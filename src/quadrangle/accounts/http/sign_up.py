"""Signing up, confirming an address, a forgotten password, accepting an invitation.

None of these tells whether an account exists: who owns the address learns that by mail.
"""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.accounts.http import wire_sign_up as wire
from quadrangle.accounts.http.cookies import signed_in
from quadrangle.accounts.http.wire import SignedInAnswer
from quadrangle.accounts.model import Place
from quadrangle.accounts.service import AccountService
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.injection import Injected
from quadrangle.http.routes import Calls

calls = Calls("Accounts")
# Of a whole campus on its first day: it bounds how many new passwords are looked at.
SIGN_UP_LIMIT = Limit(burst=200, per_hour=3600)
SIGNED_UP = "A link in the mail that this server writes to you confirms your address."
CONFIRMATION_SENT = "If there is an address to confirm, a mail with a link is written to it."
RESET_SENT = "If this address has an account, a mail with a link is written to it."


@calls.post(
    "/api/accounts/sign-up",
    "Open an account, which waits for its address to be confirmed",
    status=202,
    fails=(403, 429),
)
async def sign_up(
    data: JSONBody[wire.SignUpBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    limiter: Injected[RateLimiter],
) -> Response[wire.MessageAnswer]:
    limiter.take("sign-up", place.address, SIGN_UP_LIMIT)
    await accounts.signing_up.sign_up(data.email, data.name, data.password, place)
    return _told(SIGNED_UP)


@calls.post(
    "/api/accounts/confirmation",
    "Have the mail that confirms an address sent once more",
    status=202,
    fails=(429,),
)
async def ask_confirmation(
    data: JSONBody[wire.AddressBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.MessageAnswer]:
    await accounts.signing_up.ask_confirmation(data.email, place)
    return _told(CONFIRMATION_SENT)


@calls.post(
    "/api/accounts/confirm",
    "Confirm the address of a new account, or a new address",
    status=200,
    fails=(410, 429),
)
async def confirm(
    data: JSONBody[wire.TokenBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Confirmed]:
    email = await accounts.signing_up.confirm(data.token, place)
    return Response(wire.Confirmed(email), headers=PRIVATE)


@calls.post(
    "/api/accounts/password-reset",
    "Have a link sent by which a forgotten password is replaced",
    status=202,
    fails=(429,),
)
async def ask_password_reset(
    data: JSONBody[wire.AddressBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.MessageAnswer]:
    await accounts.signing_up.ask_reset(data.email, place)
    return _told(RESET_SENT)


@calls.put(
    "/api/accounts/password-reset",
    "Replace a forgotten password; every sign-in ends",
    status=204,
    fails=(410, 429),
)
async def reset_password(
    data: JSONBody[wire.ResetBody], accounts: Injected[AccountService], place: Injected[Place]
) -> None:
    await accounts.taking_links.reset_password(data.token, data.new_password, place)


@calls.post("/api/accounts/invitation/look", "What one is invited to", status=200, fails=(410, 429))
async def look_at_invitation(
    data: JSONBody[wire.TokenBody], accounts: Injected[AccountService], place: Injected[Place]
) -> Response[wire.Invitation]:
    account = await accounts.taking_links.invitation(data.token, place)
    invitation = wire.Invitation(account.email, account.name, account.role)
    return Response(invitation, headers=PRIVATE)


@calls.post(
    "/api/accounts/invitation",
    "Take an account one is invited to, and sign in",
    status=200,
    fails=(410, 429),
)
async def accept_invitation(
    data: JSONBody[wire.AcceptBody],
    accounts: Injected[AccountService],
    place: Injected[Place],
    secure_cookies: Injected[bool],
) -> Response[SignedInAnswer]:
    session = await accounts.taking_links.accept(data.token, data.name, data.password, place)
    return signed_in(session, secure=secure_cookies)


def _told(message: str) -> Response[wire.MessageAnswer]:
    return Response(wire.MessageAnswer(message), status_code=202, headers=PRIVATE)


ROUTES: list[Any] = [
    sign_up,
    ask_confirmation,
    confirm,
    ask_password_reset,
    reset_password,
    look_at_invitation,
    accept_invitation,
]
