"""Shapes of second factors on the wire, by docs/api-accounts.md."""

from typing import Annotated, Any

import msgspec

from quadrangle.accounts.own.factor_rules import LENGTHS
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.own.passkey_rules import MAX_NAME
from quadrangle.accounts.own.passkeys import Added, Asked
from quadrangle.accounts.own.two_factor import Setup
from quadrangle.http.openapi import Instant, line_of, secret_of


class PasswordOnlyBody(msgspec.Struct, rename="camel"):
    """The present password; empty for an account that has none and was signed in to just now."""

    password: Annotated[str, secret_of(*LENGTHS["password"])]


class ConfirmTotpBody(msgspec.Struct, rename="camel"):
    enrolment: Annotated[str, secret_of(*LENGTHS["enrolment"])]
    code: Annotated[str, secret_of(*LENGTHS["code"])]


class RemoveTotpBody(msgspec.Struct, rename="camel"):
    """`code` is one of the app, or a recovery code."""

    password: Annotated[str, secret_of(*LENGTHS["password"])]
    code: Annotated[str, secret_of(*LENGTHS["code"])]


class TotpSetup(msgspec.Struct, kw_only=True, rename="camel"):
    """An app about to be set up: `secret` in groups of four, `qr` an SVG picture of `uri`."""

    enrolment: str
    secret: str
    uri: str
    qr: str


class RecoveryCodeList(msgspec.Struct, rename="camel"):
    """Ten codes, shown here and never again."""

    recovery_codes: list[str]


class PasskeyEntry(msgspec.Struct, kw_only=True, rename="camel"):
    """`usedAt` is null until someone signed in with it."""

    passkey_id: str
    name: str
    created_at: Instant
    used_at: Instant | None


class NewPasskey(msgspec.Struct, kw_only=True, rename="camel"):
    """A passkey that was added. With the first factor of an account come ten recovery codes,
    shown here and never again; else they are null."""

    passkey_id: str
    name: str
    created_at: Instant
    used_at: Instant | None
    recovery_codes: list[str] | None


class PasskeyList(msgspec.Struct, rename="camel"):
    passkeys: list[PasskeyEntry]


class Ceremony(msgspec.Struct, rename="camel"):
    """`options` for navigator.credentials, binary fields in base64url; `state` to send back."""

    state: str
    options: dict[str, Any]


class AddPasskeyBody(msgspec.Struct, rename="camel"):
    """`credential` as `PublicKeyCredential.toJSON()` gives it."""

    state: Annotated[str, secret_of(*LENGTHS["state"])]
    name: Annotated[str, line_of(MAX_NAME)]
    credential: dict[str, Any]


class PasskeyNameBody(msgspec.Struct, rename="camel"):
    name: Annotated[str, line_of(MAX_NAME)]


class PasskeySignInBody(msgspec.Struct, rename="camel"):
    """`credential` as `PublicKeyCredential.toJSON()` gives it."""

    state: Annotated[str, secret_of(*LENGTHS["state"])]
    credential: dict[str, Any]


def setup(found: Setup) -> TotpSetup:
    return TotpSetup(enrolment=found.enrolment, secret=found.secret, uri=found.uri, qr=found.qr)


def ceremony(asked: Asked) -> Ceremony:
    return Ceremony(asked.state, asked.options)


def passkey(found: Passkey) -> PasskeyEntry:
    return PasskeyEntry(
        passkey_id=found.passkey_id,
        name=found.name,
        created_at=found.created_at,
        used_at=found.used_at,
    )


def added(new: Added) -> NewPasskey:
    entry = msgspec.structs.asdict(passkey(new.passkey))
    return NewPasskey(**entry, recovery_codes=new.recovery_codes)
