"""The keys that sign our tokens, and the one form they are kept in: a JSON Web Key Set."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from jwt.exceptions import InvalidKeyError

from quadrangle.accounts.tokens.key_rules import plan_rotation
from quadrangle.kernel.errors import KeysUnusable


class SigningKey(msgspec.Struct, frozen=True):
    """An Ed25519 key pair; `kid` is its name in tokens and in the published set.

    It signs from `signs_from` on, seconds since 1970: see key_rules.py.
    """

    kid: str
    private: Ed25519PrivateKey
    signs_from: int = 0

    @classmethod
    def make(cls, signs_from: int = 0) -> Self:
        return cls(secrets.token_urlsafe(12), Ed25519PrivateKey.generate(), signs_from)

    def public_jwk(self) -> dict[str, Any]:
        """Return the public half as a JSON Web Key."""
        jwk = OKPAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "kid": self.kid, "use": "sig", "alg": "EdDSA"}


# Gives the keys that hold now, at least one: the first signs, all are accepted. Where they can
# change while a process runs, it is asked each time. Raises KeysUnusable, Unavailable.
CurrentKeys = Callable[[], Sequence[SigningKey]]


class _Jwk(msgspec.Struct):
    kid: str
    kty: str
    crv: str
    x: str
    d: str
    signsFrom: int = 0


class _JwkSet(msgspec.Struct):
    keys: list[_Jwk]


def encode_keys(keys: Sequence[SigningKey]) -> bytes:
    """Return the keys, with their private halves, as a JSON Web Key Set."""
    return msgspec.json.encode({"keys": [_private_jwk(key) for key in keys]})


def decode_keys(content: bytes, place: str) -> list[SigningKey]:
    """Read what `encode_keys` wrote; `place` says in errors where it was. Raises KeysUnusable."""
    try:
        keys = [_key(jwk) for jwk in msgspec.json.decode(content, type=_JwkSet).keys]
    except (msgspec.MsgspecError, InvalidKeyError) as error:
        raise KeysUnusable(f"The signing keys in {place} are damaged.") from error
    if not keys:
        raise KeysUnusable(f"There is no signing key in {place}.")
    return keys


def first_keys(now: datetime) -> list[SigningKey]:
    """Return the keys of an installation that has none: one, which signs at once."""
    return [SigningKey.make(int(now.timestamp()))]


def rotated(keys: Sequence[SigningKey], now: datetime) -> list[SigningKey] | None:
    """Return the keys after what is due at `now`, None when nothing is."""
    plan = plan_rotation(keys, now)
    if not plan.changes(keys):
        return None
    made = [] if plan.new_signs_from is None else [SigningKey.make(plan.new_signs_from)]
    return [*plan.kept, *made]


def _private_jwk(key: SigningKey) -> dict[str, Any]:
    return {
        **OKPAlgorithm.to_jwk(key.private, as_dict=True),
        "kid": key.kid,
        "signsFrom": key.signs_from,
    }


def _key(jwk: _Jwk) -> SigningKey:
    private = OKPAlgorithm.from_jwk(msgspec.to_builtins(jwk))
    if not isinstance(private, Ed25519PrivateKey):
        raise InvalidKeyError("not an Ed25519 private key")
    return SigningKey(jwk.kid, private, jwk.signsFrom)
