"""The keys in the links of meetings: HMAC-SHA-256 by a key that only this installation has.

A link lies in a calendar for months, so its key is not one of those that sign tokens: these change.
"""

import base64
import hashlib
import hmac

from quadrangle.meetings.model import MeetingRole

KEY_BYTES = 32
_CONTEXT = b"quadrangle meeting link"
_DOWNLOAD_CONTEXT = b"quadrangle meeting download"


class HmacLinkKeys:
    """Implements meetings.ports.LinkKeys. `secret` has KEY_BYTES bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"The key of meeting links must have {KEY_BYTES} bytes.")
        self._secret = secret

    def key(self, meeting_id: str, role: MeetingRole, generation: int) -> str:
        told = f"{meeting_id}\0{role.value}\0{generation}".encode()
        return _signed(self._secret, _CONTEXT, told)

    def is_key(self, key: str, meeting_id: str, role: MeetingRole, generation: int) -> bool:
        right = self.key(meeting_id, role, generation)
        return hmac.compare_digest(key.encode(errors="replace"), right.encode())


class HmacDownloadKeys:
    """Implements meetings.ports.DownloadKeys by the same secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, path: str, until: str) -> str:
        return _signed(self._secret, _DOWNLOAD_CONTEXT, f"{path}\0{until}".encode())

    def is_signature(self, signature: str, path: str, until: str) -> bool:
        right = self.sign(path, until)
        return hmac.compare_digest(signature.encode(errors="replace"), right.encode())


def _signed(secret: bytes, context: bytes, told: bytes) -> str:
    digest = hmac.digest(secret, context + b"\0" + told, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
