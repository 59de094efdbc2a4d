"""Whose tokens are believed, and what of them. Every token is checked by one path against one of
these, whoever made it: ours, a campus's single sign-on, or Amazon Cognito."""

from enum import StrEnum
from typing import Any, Protocol

import msgspec

from quadrangle.accounts.model import Claims
from quadrangle.kernel.errors import NotSignedIn

NOT_OURS = "This access token is not one of ours."
EXPIRED = "Your sign-in has expired. Please sign in again."
# What outside issuers may sign with: key pairs. Shared secrets (HS256) would make our client secret
# a signing key.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "ES512", "EdDSA")


class Subject(StrEnum):
    """What a token's subject is to us."""

    SIGN_IN = "sign-in"  # ours: an account or the PIN, with the sign-in it is of
    LINKED = "linked"  # the issuer's own id of a person, linked to an account here
    ACCOUNT = "account"  # an account's id


class KeySource(Protocol):
    """The public keys of an issuer."""

    async def key(self, kid: str, algorithm: str) -> Any | None:
        """Return the key of that name, made for that algorithm, None when there is none.

        Raises Unavailable when the keys cannot be had.
        """
        ...


class Issuer(msgspec.Struct, frozen=True):
    """Who signs tokens, and which of them are meant for us.

    `algorithms` are signatures only, never shared secrets. The claim `audience_claim`, a text or a
    list, must name one of `audiences`; each of `expected` must be just so. `subject_claim` names
    the subject, which is to us what `subject` says.
    """

    iss: str
    algorithms: tuple[str, ...]
    keys: KeySource
    audiences: frozenset[str]
    subject: Subject
    subject_claim: str = "sub"
    audience_claim: str = "aud"
    expected: dict[str, str] = {}


def bearers(iss: str, keys: KeySource, audience: str) -> Issuer:
    """Return what of an outside issuer's access tokens is meant for us: those that name `audience`.

    ID tokens name our client instead, so none of them passes for an access token.
    """
    return Issuer(iss, ALGORITHMS, keys, frozenset({audience}), Subject.LINKED)


class Verified(msgspec.Struct, frozen=True):
    """A token that was checked; `expires_at` in seconds since 1970."""

    issuer: Issuer
    subject: str
    expires_at: int
    payload: dict[str, Any]


def claims_of(verified: Verified) -> Claims:
    """Return what a token of ours says. Raises NotSignedIn for one of another form."""
    try:
        return msgspec.convert(verified.payload, Claims)
    except msgspec.ValidationError as error:
        raise NotSignedIn(NOT_OURS) from error
