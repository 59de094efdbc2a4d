"""Shapes on the wire, by docs/api.md."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from quadrangle.accounts.model import PIN_NAME, Account, SignedIn
from quadrangle.accounts.rules import MAX_NAME, PASSWORD_LENGTH, PIN_LENGTH
from quadrangle.http.openapi import Id, Instant, email_of, secret_of, text_of
from quadrangle.kernel.principal import Role

StaffRole = Literal["staff", "admin"]
LONGEST_SECRET = PASSWORD_LENGTH[1]


class SignInBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of("in any case")]
    password: Annotated[str, secret_of(1, LONGEST_SECRET)]


class PinBody(msgspec.Struct, rename="camel"):
    pin: Annotated[str, secret_of(1, LONGEST_SECRET)]


class Me(msgspec.Struct, rename="camel"):
    """Who is signed in; `accountId` and `email` are null for the staff PIN."""

    account_id: Id | None
    email: str | None
    name: str
    role: Role


class SignedInAnswer(msgspec.Struct, rename="camel"):
    """A new sign-in; the page cookie comes with it. `expiresIn` in seconds."""

    access_token: str
    expires_in: int
    account: Me


class PinAnswer(msgspec.Struct, rename="camel"):
    """A new sign-in by PIN; the page cookie comes with it. `expiresIn` in seconds."""

    access_token: str
    expires_in: int


class PasswordBody(msgspec.Struct, rename="camel"):
    current_password: Annotated[str, secret_of(1, LONGEST_SECRET)]
    new_password: Annotated[str, secret_of(*PASSWORD_LENGTH)]


class StaffMember(msgspec.Struct, rename="camel"):
    account_id: Id
    email: str
    name: str
    role: Role
    active: bool
    created_at: Instant


class StaffList(msgspec.Struct, rename="camel"):
    staff: list[StaffMember]


class NewStaffBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of()]
    name: Annotated[str, text_of(MAX_NAME)]
    role: StaffRole


class NewStaff(msgspec.Struct, rename="camel"):
    """The password is shown here and never again."""

    account: StaffMember
    password: str


class EditStaffBody(msgspec.Struct, rename="camel"):
    """The fields to change; what is left out stays."""

    name: Annotated[str | UnsetType, text_of(MAX_NAME)] = UNSET
    role: StaffRole | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class NewPassword(msgspec.Struct, rename="camel"):
    """The password is shown here and never again."""

    password: str


class NewPinBody(msgspec.Struct, rename="camel"):
    """Without a PIN one is made: eight digits."""

    pin: Annotated[str | UnsetType, secret_of(*PIN_LENGTH)] = UNSET


class NewPin(msgspec.Struct, rename="camel"):
    """The PIN is shown here and never again."""

    pin: str


class KeySet(msgspec.Struct):
    """A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037)."""

    keys: list[dict[str, Any]]


def me(account: Account | None) -> Me:
    """Return an account as its owner sees it; None is the staff PIN."""
    if account is None:
        return Me(None, None, PIN_NAME, Role.STAFF)
    return Me(account.account_id, account.email, account.name, account.role)


def signed_in(session: SignedIn) -> SignedInAnswer:
    return SignedInAnswer(session.access_token, session.expires_in, me(session.account))


def staff_member(account: Account) -> StaffMember:
    return StaffMember(*(getattr(account, name) for name in StaffMember.__struct_fields__))
