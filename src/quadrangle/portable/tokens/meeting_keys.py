"""The keys of meetings' links and of their machines: HMAC-SHA-256 by a key that only this
installation has.

A link lies in a calendar for months, so its key is not one of those that sign tokens: these change.
"""

import base64
import hashlib
import hmac

from quadrangle.meetings.model import MeetingRole

KEY_BYTES = 32
_LINK = b"quadrangle meeting link"
_MACHINE = b"quadrangle meeting machine"


class HmacLinkKeys:
    """Implements meetings.ports.LinkKeys. `secret` has KEY_BYTES bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = _checked(secret)

    def key(self, meeting_id: str, role: MeetingRole, generation: int) -> str:
        return _signed(self._secret, _LINK, f"{meeting_id}\0{role.value}\0{generation}")

    def is_key(self, key: str, meeting_id: str, role: MeetingRole, generation: int) -> bool:
        return _are_same(key, self.key(meeting_id, role, generation))


class HmacMachineKeys:
    """Implements meetings.ports.MachineKeys. `secret` may be that of links."""

    def __init__(self, secret: bytes) -> None:
        self._secret = _checked(secret)

    def key(self, token: str) -> str:
        return _signed(self._secret, _MACHINE, token)

    def is_key(self, key: str, token: str) -> bool:
        return _are_same(key, self.key(token))


def _checked(secret: bytes) -> bytes:
    if len(secret) != KEY_BYTES:
        raise ValueError(f"The key of meeting links must have {KEY_BYTES} bytes.")
    return secret


def _signed(secret: bytes, what: bytes, told: str) -> str:
    digest = hmac.digest(secret, what + b"\0" + told.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _are_same(key: str, right: str) -> bool:
    return hmac.compare_digest(key.encode(errors="replace"), right.encode())
