"""Shapes on the wire of signing up, resetting, moving and closing, by docs/api-accounts.md."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from quadrangle.accounts.joining.model import LONGEST_TOKEN
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.accounts.rules import MAX_NAME, PASSWORD_LENGTH
from quadrangle.http.openapi import email_of, line_of, secret_of
from quadrangle.kernel.principal import Role

LONGEST_SECRET = PASSWORD_LENGTH[1]


class IssuerOption(msgspec.Struct, rename="camel"):
    """An outside issuer one may sign in with."""

    issuer_id: str
    name: str


class Options(msgspec.Struct, rename="camel"):
    """How people get in here. `domains` are those sign-up takes addresses of."""

    sign_up: SignUp
    domains: list[str]
    issuers: list[IssuerOption]
    pin: bool
    passkeys: bool


class SignUpBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of()]
    name: Annotated[str, line_of(MAX_NAME)]
    password: Annotated[str, secret_of(*PASSWORD_LENGTH)]


class AddressBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of("in any case")]


class TokenBody(msgspec.Struct, rename="camel"):
    token: Annotated[str, secret_of(1, LONGEST_TOKEN)]


class ResetBody(TokenBody, rename="camel"):
    new_password: Annotated[str, secret_of(*PASSWORD_LENGTH)]


class AcceptBody(TokenBody, rename="camel"):
    name: Annotated[str, line_of(MAX_NAME)]
    password: Annotated[str, secret_of(*PASSWORD_LENGTH)]


class NewAddressBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of()]
    password: Annotated[str, secret_of(0, LONGEST_SECRET)]


class CloseBody(msgspec.Struct, rename="camel"):
    password: Annotated[str, secret_of(0, LONGEST_SECRET)]


class MessageAnswer(msgspec.Struct):
    """What will happen, in a sentence."""

    message: str


class Confirmed(msgspec.Struct):
    email: str


class Invitation(msgspec.Struct):
    """What someone is invited to; the name may be changed on accepting."""

    email: str
    name: str
    role: Role


def options(policy: AccountPolicy, issuers: Sequence[tuple[str, str]]) -> Options:
    """`issuers` are ids and names."""
    offered = [IssuerOption(*issuer) for issuer in issuers]
    return Options(
        policy.sign_up,
        list(policy.domains),
        issuers=offered,
        pin=policy.pin,
        passkeys=policy.has_host_name,
    )
