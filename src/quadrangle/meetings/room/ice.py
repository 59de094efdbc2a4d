"""How browsers find a way to each other: STUN and TURN servers, and what lets one use them."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

import msgspec

from quadrangle.meetings.room.model import IceServer

CREDENTIAL_LIFE = timedelta(hours=12)  # longer than any meeting, as it cannot be renewed in one


class IceSettings(msgspec.Struct, frozen=True):
    """What an installation has. `turn_secret` is coturn's `static-auth-secret`: with it, passwords
    hold for some hours only; without it `turn_username` and `turn_password` are handed out."""

    stun: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    turn_username: str = ""
    turn_password: str = ""
    turn_secret: str = ""


def ice_servers(settings: IceSettings, name: str, now: datetime) -> list[IceServer]:
    """Return the servers for one participant; `name` is for the log of the TURN server."""
    servers = [IceServer(settings.stun)] if settings.stun else []
    if not settings.turn:
        return servers
    username, password = settings.turn_username, settings.turn_password
    if settings.turn_secret:
        username, password = _for_some_hours(settings.turn_secret, name, now)
    return [*servers, IceServer(settings.turn, username or None, password or None)]


def _for_some_hours(secret: str, name: str, now: datetime) -> tuple[str, str]:
    """As coturn's `use-auth-secret` and draft-uberti-behave-turn-rest-00 have it."""
    username = f"{int((now + CREDENTIAL_LIFE).timestamp())}:{name}"
    made = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(made).decode()
