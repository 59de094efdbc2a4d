"""Decisions about API keys: what one is, may do, and when it holds."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

import msgspec

from quadrangle.accounts import rules
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.declaration import Scope
from quadrangle.kernel.errors import FieldError, Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked

PREFIX = "qk_"
MAX_NAME = 60
SECRET_BYTES = 32
WRONG = "This API key is wrong or has ended."
_ID_LENGTH = 32  # a UUID without its dashes


class Plan(StrEnum):
    """How much a key may ask for: the tiers of the source's usage plans."""

    BASIC = "basic"
    STANDARD = "standard"
    HIGH = "high"

    @property
    def per_hour(self) -> int:
        """Requests in an hour."""
        return {Plan.BASIC: 100, Plan.STANDARD: 1_000, Plan.HIGH: 10_000}[self]


class ApiKey(msgspec.Struct, frozen=True):
    """A machine's key. Of its secret only the hash is kept; `created_by` is an account's id, and
    `scopes` are names of what it may do.

    Instants are texts as kernel.clock.to_text writes them; `used_at` may be an hour old.
    """

    api_key_id: str
    name: str
    secret_hash: str
    scopes: tuple[str, ...]
    plan: Plan
    created_at: str
    created_by: str
    expires_at: str | None = None
    revoked_at: str | None = None
    used_at: str | None = None


class NewKey(msgspec.Struct, frozen=True):
    """What an administrator asks for; `expires_at` is an instant as a client writes one."""

    name: str
    scopes: tuple[str, ...]
    plan: Plan
    expires_at: str | None = None


def make(
    api_key_id: str,
    wanted: NewKey,
    secret: str,
    known: Collection[str],
    actor: Principal,
    now: datetime,
) -> tuple[ApiKey, Change]:
    """Return a key of that secret, with some of the `known` scopes, in their order.

    Raises InvalidInput with every faulty field.
    """
    checked = Checked()
    name = checked.line("name", wanted.name, MAX_NAME)
    if not wanted.scopes:
        checked.fault("scopes", "Please choose at least one.")
    if not set(wanted.scopes) <= set(known):
        checked.fault("scopes", "This is not one of the allowed values.")
    expires_at = _end(wanted.expires_at, checked.errors, now)
    if checked.errors:
        raise InvalidInput(checked.errors)
    key = ApiKey(
        api_key_id=api_key_id,
        name=name,
        secret_hash=hash_of(secret),
        scopes=tuple(scope for scope in known if scope in wanted.scopes),
        plan=wanted.plan,
        created_at=to_text(now),
        created_by=actor.account_id or actor.name,
        expires_at=expires_at,
    )
    data = {"scopes": list(key.scopes), "plan": key.plan.value, "expiresAt": expires_at}
    return key, rules.fact("api-key.created", api_key_id, data, actor, now)


def _end(text: str | None, errors: list[FieldError], now: datetime) -> str | None:
    if text is None or not text.strip():
        return None
    try:
        end = datetime.fromisoformat(text.strip())
        if end.tzinfo is None:
            raise ValueError("no offset")
        written = to_text(end)
    except (ValueError, OverflowError):
        message = "Please give a date and time with its offset, such as 2027-01-31T12:00:00Z."
        errors.append(FieldError("expiresAt", message))
        return None
    if end <= now:
        errors.append(FieldError("expiresAt", "This has passed already."))
    return written


def revoke(key: ApiKey, actor: Principal, now: datetime) -> tuple[ApiKey, list[Change]]:
    """End a key; one that was revoked before stays as it is."""
    if key.revoked_at is not None:
        return key, []
    change = rules.fact("api-key.revoked", key.api_key_id, {}, actor, now)
    return msgspec.structs.replace(key, revoked_at=to_text(now)), [change]


def new_secret() -> str:
    """Return 256 random bits as a text."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret. A fast hash will do: 256 random bits are not guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shown(key: ApiKey, secret: str) -> str:
    """Return what a machine sends: `qk_<id>_<secret>`."""
    return f"{PREFIX}{key.api_key_id.replace('-', '')}_{secret}"


def read(sent: str) -> tuple[str, str]:
    """Return the id and the secret in what a machine sent. Raises NotSignedIn."""
    digits, _, secret = sent.removeprefix(PREFIX).partition("_")
    hexadecimal = len(digits) == _ID_LENGTH and set(digits) <= set("0123456789abcdef")
    if not sent.startswith(PREFIX) or not hexadecimal or not secret:
        raise NotSignedIn(WRONG)
    cuts = (0, 8, 12, 16, 20, 32)
    return "-".join(digits[a:b] for a, b in pairwise(cuts)), secret


def require_holds(key: ApiKey | None, secret: str, now: datetime) -> ApiKey:
    """Return the key. Raises NotSignedIn, with one sentence for all that can be wrong."""
    hashed = hash_of(secret)
    right = hmac.compare_digest(hashed, key.secret_hash if key else hash_of(""))
    if key is None or not right or key.revoked_at is not None:
        raise NotSignedIn(WRONG)
    if key.expires_at is not None and from_text(key.expires_at) <= now:
        raise NotSignedIn(WRONG)
    return key


def principal_of(key: ApiKey, scope: Scope | None) -> Principal:
    """Return who the key is on a route that needs `scope`; its role is what that one takes.

    Raises Forbidden on routes that are for no key or not for this one.
    """
    if scope is None:
        raise Forbidden("This is not for API keys.")
    if scope.name not in key.scopes:
        raise Forbidden(f"This API key may not do this: it needs the scope {scope.name}.")
    return Principal(f"API key {key.name}", scope.role, scopes=frozenset(key.scopes))
