"""How a sign-in goes on and ends. Pure: the time and the secrets are arguments.

A refresh token names its session and holds a secret; only hashes are kept. Each use replaces it by
one that follows from it and a nonce of the session: so whoever repeats a request whose answer was
lost gets the same successor, and nobody can reckon it from what is stored. The use of a token that
was replaced longer ago than GRACE means that two hold it, and ends the session (RFC 9700, 4.14.2).
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

import msgspec

from quadrangle.accounts.model import Account, Claims, Method, Pin, Place, Session
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import is_id

REFRESH_LIFE = timedelta(days=14)  # slides with each use
LONGEST_SESSION = timedelta(days=90)  # then one signs in again
GRACE = timedelta(seconds=60)
SECRET_BYTES = 32
LONGEST_DEVICE = 200

ENDED = "Your sign-in has ended. Please sign in again."


class Presented(msgspec.Struct, frozen=True):
    """A refresh token taken apart."""

    sid: str
    secret: bytes


class Refreshed(msgspec.Struct, frozen=True):
    """The session as it shall be, and the refresh token that holds from now on."""

    session: Session
    token: str


class Reused(Exception):
    """A refresh token was used again after its time: the session must end."""


def begin(
    sid: str,
    holder: Account | Pin,
    holder_id: str,
    method: Method,
    place: Place,
    secret: bytes,
    now: datetime,
) -> Refreshed:
    """Return a new session and its first refresh token."""
    session = Session(
        sid=sid,
        holder=holder_id,
        epoch=holder.epoch,
        method=method,
        created_at=to_text(now),
        seen_at=to_text(now),
        expires_at=to_text(now + REFRESH_LIFE),
        origin=place.address,
        device=place.device[:LONGEST_DEVICE],
        refresh_hash=_hash(secret),
        nonce="",
    )
    return Refreshed(session, _token(sid, secret))


def read_token(token: str) -> Presented:
    """Take a refresh token apart. Raises NotSignedIn for what cannot be one."""
    sid, _, text = token.partition(".")
    try:
        secret = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        raise NotSignedIn(ENDED) from None
    if not is_id(sid) or len(secret) != SECRET_BYTES:
        raise NotSignedIn(ENDED)
    return Presented(sid, secret)


def refresh(
    session: Session, presented: Presented, place: Place, nonce: bytes, now: datetime
) -> Refreshed:
    """Replace the presented token. Raises NotSignedIn when the session is over, and Reused."""
    if now >= from_text(session.expires_at):
        raise NotSignedIn(ENDED)
    hashed = _hash(presented.secret)
    if hmac.compare_digest(hashed, session.refresh_hash):
        successor = _successor(presented.secret, nonce)
        renewed = msgspec.structs.replace(
            session,
            seen_at=to_text(now),
            expires_at=to_text(_end(session, now)),
            origin=place.address,
            device=place.device[:LONGEST_DEVICE] or session.device,
            refresh_hash=_hash(successor),
            replaced_hash=hashed,
            replaced_at=to_text(now),
            nonce=nonce.hex(),
            generation=session.generation + 1,
        )
        return Refreshed(renewed, _token(session.sid, successor))
    if _was_just_replaced(session, hashed, now):
        successor = _successor(presented.secret, bytes.fromhex(session.nonce))
        return Refreshed(session, _token(session.sid, successor))
    raise Reused()


def holds(session: Session, holder: Account | Pin, now: datetime) -> bool:
    """Tell whether a session of that holder can still be used."""
    return session.epoch == holder.epoch and now < from_text(session.expires_at)


def carry_on(session: Session, epoch: int) -> Session:
    """Return a session as it goes on in the epoch it raised; one of an earlier epoch does not."""
    if session.epoch != epoch - 1:
        return session
    return msgspec.structs.replace(session, epoch=epoch)


def is_of(session: Session, presented: Presented) -> bool:
    """Tell whether a refresh token is or was one of the session's last two."""
    hashed = _hash(presented.secret)
    return hashed in (session.refresh_hash, session.replaced_hash)


def seconds_left(session: Session, now: datetime) -> int:
    """Return how long the session's refresh token lives, in seconds."""
    return max(0, int((from_text(session.expires_at) - now).total_seconds()))


def require_alive(session: Session | None, claims: Claims, now: datetime) -> Session:
    """Return the session an access token is of. Raises NotSignedIn when it has ended."""
    if session is None or session.holder != claims.sub or now >= from_text(session.expires_at):
        raise NotSignedIn(ENDED)
    return session


def _was_just_replaced(session: Session, hashed: str, now: datetime) -> bool:
    if session.replaced_hash is None or session.replaced_at is None:
        return False
    same = hmac.compare_digest(hashed, session.replaced_hash)
    return same and now < from_text(session.replaced_at) + GRACE


def _end(session: Session, now: datetime) -> datetime:
    return min(now + REFRESH_LIFE, from_text(session.created_at) + LONGEST_SESSION)


def _successor(secret: bytes, nonce: bytes) -> bytes:
    return hmac.digest(secret, nonce, "sha256")


def _hash(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()  # of 256 random bits: nothing to guess


def _token(sid: str, secret: bytes) -> str:
    return f"{sid}.{base64.urlsafe_b64encode(secret).decode()}"
