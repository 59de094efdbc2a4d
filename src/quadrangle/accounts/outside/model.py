"""Signing in by an outside issuer: what was begun, what came back, and who that is."""

import msgspec


class Identity(msgspec.Struct, frozen=True):
    """An issuer's subject and the account it is linked to."""

    issuer: str
    subject: str
    account_id: str
    created_at: str


class Flow(msgspec.Struct, frozen=True):
    """A sign-in by an outside issuer that was begun, as the browser keeps it, sealed.

    `state`, `nonce` and `verifier` (of PKCE) are secrets of this flow; `until` is an instant.
    """

    issuer_id: str
    state: str
    nonce: str
    verifier: str
    next_path: str
    until: str


class Answer(msgspec.Struct, frozen=True):
    """What the issuer sent the browser back with."""

    state: str | None = None
    code: str | None = None
    error: str | None = None
    iss: str | None = None


class Person(msgspec.Struct, frozen=True):
    """Who the issuer says signed in."""

    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
