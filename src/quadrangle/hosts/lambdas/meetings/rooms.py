"""Servers that video rooms use, and what is shared with them in one secret of Secrets Manager."""

import msgspec
import structlog

from quadrangle.aws.base.clients import client
from quadrangle.aws.base.secret_text import SecretText
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.stores import listed
from quadrangle.kernel.errors import KeysUnusable, Unavailable
from quadrangle.kernel.lazily import lazily
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.jitsi import JitsiSettings

log = structlog.get_logger(__name__)
CLOSED = "The video room cannot be opened just now. Please try again later."


class RoomSecrets(msgspec.Struct, frozen=True):
    """The content of the secret, as JSON; a server that shares none has no key in it."""

    jitsi: str = msgspec.field(name="JITSI_SECRET", default="")
    turn: str = msgspec.field(name="TURN_SECRET", default="")


def ice_settings(parts: FunctionParts) -> IceSettings:
    """Return the STUN and TURN servers; a secret is asked for with the first room. A secret that
    cannot be used is Unavailable for who opens one, and told to the log."""

    def made() -> IceSettings:
        settings = parts.environment
        turn = listed(settings.turn_servers)
        secret = _secrets(parts).turn if turn else ""
        return IceSettings(stun=listed(settings.stun_servers), turn=turn, turn_secret=secret)

    return lazily(made)


def jitsi_settings(parts: FunctionParts) -> JitsiSettings:
    """Return the Jitsi server, likewise."""

    def made() -> JitsiSettings:
        domain, app_id = parts.environment.jitsi_domain, parts.environment.jitsi_app_id
        secret = _secrets(parts).jitsi if domain and app_id else ""
        return JitsiSettings(domain, app_id, secret)

    return lazily(made)


def _secrets(parts: FunctionParts) -> RoomSecrets:
    try:
        return shared_secrets(parts)
    except KeysUnusable as error:
        log.error("video rooms cannot be opened", cause=str(error))
        raise Unavailable(CLOSED) from error
    except Unavailable as error:
        cause = repr(error.__cause__ or error)
        log.error("the secret of video rooms cannot be read", cause=cause)
        raise Unavailable(CLOSED) from error


def shared_secrets(parts: FunctionParts) -> RoomSecrets:
    """Return what is in the secret, nothing where there is none. Raises KeysUnusable,
    Unavailable."""
    name = parts.environment.room_secrets
    if not name:
        return RoomSecrets()
    text = SecretText(client("secretsmanager"), name, parts.clock).current()
    try:
        return msgspec.json.decode(text, type=RoomSecrets)
    except msgspec.MsgspecError as error:
        raise KeysUnusable(
            f"The secret {name} must be JSON with JITSI_SECRET, TURN_SECRET or both."
        ) from error
