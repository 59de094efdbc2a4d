"""Shapes on the wire, by docs/api.md."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from quadrangle.accounts.model import PIN_NAME, Account, SignedIn
from quadrangle.kernel.principal import Role

StaffRole = Literal["staff", "admin"]


class SignInBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, Meta(description="in any case", examples=["name@campus.example"])]
    password: Annotated[str, Meta(description="at most 200 characters")]


class PinBody(msgspec.Struct, rename="camel"):
    pin: Annotated[str, Meta(description="at most 200 characters")]


class Me(msgspec.Struct, rename="camel"):
    """Who is signed in; `accountId` and `email` are null for the staff PIN."""

    account_id: str | None
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
    current_password: str
    new_password: Annotated[str, Meta(description="10 to 200 characters")]


class StaffMember(msgspec.Struct, rename="camel"):
    account_id: str
    email: str
    name: str
    role: Role
    active: bool
    created_at: str


class StaffList(msgspec.Struct, rename="camel"):
    staff: list[StaffMember]


class NewStaffBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, Meta(examples=["name@campus.example"])]
    name: Annotated[str, Meta(description="1 to 100 characters")]
    role: StaffRole


class NewStaff(msgspec.Struct, rename="camel"):
    """The password is shown here and never again."""

    account: StaffMember
    password: str


class EditStaffBody(msgspec.Struct, rename="camel"):
    """The fields to change; what is left out stays."""

    name: str | UnsetType = UNSET
    role: StaffRole | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class NewPassword(msgspec.Struct, rename="camel"):
    """The password is shown here and never again."""

    password: str


class NewPinBody(msgspec.Struct, rename="camel"):
    """Without a PIN one is made: eight digits."""

    pin: Annotated[str | UnsetType, Meta(description="6 to 32 characters")] = UNSET


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
