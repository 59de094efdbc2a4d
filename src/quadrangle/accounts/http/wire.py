"""Shapes on the wire, by docs/api-accounts.md."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from quadrangle.accounts.model import PIN_NAME, Account, Session, SignedIn
from quadrangle.accounts.own.own_account import OwnAccountView
from quadrangle.accounts.people.rules import Status, status_of
from quadrangle.accounts.rules import MAX_NAME, PASSWORD_LENGTH, PIN_LENGTH
from quadrangle.http.openapi import Id, Instant, email_of, line_of, secret_of
from quadrangle.kernel.principal import Role

LONGEST_SECRET = PASSWORD_LENGTH[1]
LONGEST_CODE = 40
LONGEST_REFRESH_TOKEN = 4_096


class SignInBody(msgspec.Struct, rename="camel"):
    email: Annotated[str, email_of("in any case")]
    password: Annotated[str, secret_of(1, LONGEST_SECRET)]
    code: Annotated[str | UnsetType, secret_of(0, LONGEST_CODE)] = UNSET


class RefreshBody(msgspec.Struct, rename="camel"):
    """Empty where the refresh token comes in its cookie."""

    refresh_token: Annotated[str | UnsetType, secret_of(1, LONGEST_REFRESH_TOKEN)] = UNSET


class PinBody(msgspec.Struct, rename="camel"):
    pin: Annotated[str, secret_of(1, LONGEST_SECRET)]


class Holder(msgspec.Struct, kw_only=True, rename="camel"):
    """Who signed in; `accountId` and `email` are null for the staff PIN."""

    account_id: Id | None
    email: str | None
    name: str
    role: Role


class TwoFactor(msgspec.Struct, kw_only=True, rename="camel"):
    """What is set up, and whether the role asks for it."""

    totp: bool
    passkeys: int
    recovery_codes_left: int
    required: bool


class Me(msgspec.Struct, kw_only=True, rename="camel"):
    """Who is signed in; `accountId`, `email` and `createdAt` are null for the staff PIN.

    `role` is the account's; with `needsSecondFactor` it does not count yet.
    """

    account_id: Id | None
    email: str | None
    name: str
    role: Role
    has_password: bool
    two_factor: TwoFactor
    needs_second_factor: bool
    new_email: str | None
    created_at: Instant | None


class Person(msgspec.Struct, kw_only=True, rename="camel"):
    """An account as admins see it. `newEmail` was asked for and is not confirmed yet."""

    account_id: Id
    email: str
    name: str
    role: Role
    status: Status
    two_factor: bool
    new_email: str | None
    created_at: Instant


class SignedInAnswer(msgspec.Struct, kw_only=True, rename="camel"):
    """A new sign-in; page cookies come with it. `expiresIn` in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str
    account: Holder


class NameBody(msgspec.Struct, rename="camel"):
    name: Annotated[str, line_of(MAX_NAME)]


class SessionEntry(msgspec.Struct, kw_only=True, rename="camel"):
    """A sign-in; `address` and `device` as last seen, `current` the one that asks."""

    session_id: Id
    method: str
    created_at: Instant
    seen_at: Instant
    address: str
    device: str
    current: bool


class SessionList(msgspec.Struct, rename="camel"):
    sessions: list[SessionEntry]


class PasswordBody(msgspec.Struct, rename="camel"):
    current_password: Annotated[str, secret_of(1, LONGEST_SECRET)]
    new_password: Annotated[str, secret_of(*PASSWORD_LENGTH)]


class StaffMember(msgspec.Struct, kw_only=True, rename="camel"):
    """Staff or an admin; `active` tells whether something can be assigned to them."""

    account_id: Id
    email: str
    name: str
    role: Role
    active: bool
    created_at: Instant


class StaffList(msgspec.Struct, rename="camel"):
    staff: list[StaffMember]


class NewPinBody(msgspec.Struct, rename="camel"):
    """Without a PIN one is made: eight digits."""

    pin: Annotated[str | UnsetType, secret_of(*PIN_LENGTH)] = UNSET


class NewPin(msgspec.Struct, rename="camel"):
    """The PIN is shown here and never again."""

    pin: str


class KeySet(msgspec.Struct):
    """A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037)."""

    keys: list[dict[str, Any]]


def me(overview: OwnAccountView | None) -> Me:
    """Return an account as its owner sees it; None is the staff PIN."""
    if overview is None:
        return Me(
            account_id=None,
            email=None,
            name=PIN_NAME,
            role=Role.STAFF,
            has_password=False,
            two_factor=TwoFactor(totp=False, passkeys=0, recovery_codes_left=0, required=False),
            needs_second_factor=False,
            new_email=None,
            created_at=None,
        )
    account = overview.account
    return Me(
        account_id=account.account_id,
        email=account.email,
        name=account.name,
        role=account.role,
        has_password=overview.has_password,
        two_factor=TwoFactor(
            totp=overview.totp,
            passkeys=overview.passkeys,
            recovery_codes_left=overview.recovery_codes_left,
            required=overview.factor_required,
        ),
        needs_second_factor=overview.factor_required and not account.two_factor,
        new_email=account.new_email,
        created_at=account.created_at,
    )


def holder(account: Account | None) -> Holder:
    """Return who signed in; None is the staff PIN."""
    if account is None:
        return Holder(account_id=None, email=None, name=PIN_NAME, role=Role.STAFF)
    return Holder(
        account_id=account.account_id,
        email=account.email,
        name=account.name,
        role=account.role,
    )


def signed_in(session: SignedIn) -> SignedInAnswer:
    return SignedInAnswer(
        access_token=session.access_token,
        expires_in=session.expires_in,
        refresh_token=session.refresh_token,
        account=holder(session.account),
    )


def person(account: Account) -> Person:
    return Person(
        account_id=account.account_id,
        email=account.email,
        name=account.name,
        role=account.role,
        status=status_of(account),
        two_factor=account.two_factor,
        new_email=account.new_email,
        created_at=account.created_at,
    )


def session(found: Session, *, current: bool) -> SessionEntry:
    return SessionEntry(
        session_id=found.sid,
        method=found.method.value,
        created_at=found.created_at,
        seen_at=found.seen_at,
        address=found.origin,
        device=found.device,
        current=current,
    )


def staff_member(account: Account) -> StaffMember:
    return StaffMember(
        account_id=account.account_id,
        email=account.email,
        name=account.name,
        role=account.role,
        active=account.usable,
        created_at=account.created_at,
    )
