"""Addresses of files that a browser fetches by itself, with no key of a link in them: each opens
one file for some minutes."""

from datetime import timedelta
from urllib.parse import urlencode

import msgspec

from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.errors import Gone, InvalidInput
from quadrangle.meetings.materials.ports import Links
from quadrangle.meetings.ports import DownloadKeys

LIFE = timedelta(minutes=5)
LONGEST_SIGNATURE = 64  # characters; ours have 43
LONGEST_INSTANT = 40
OLD = "This address is too old. Please go back to the meeting and fetch the file again."


class Download(msgspec.Struct, frozen=True):
    """An address, below the public one or whole, and when it ends."""

    address: str
    until: str


class Downloads:
    """Issues and checks addresses; whether somebody may have one is the caller's to know."""

    def __init__(self, keys: DownloadKeys, clock: Clock, links: Links | None = None) -> None:
        """`links` are those of the store, where it gives files out itself."""
        self._keys = keys
        self._clock = clock
        self._links = links

    async def of_file(self, path: str, key: str, name: str, mime: str) -> Download:
        """Return an address of the file `key`, which our own call has at `path`. Raises
        Unavailable."""
        if self._links is None:
            return self.issue(path)
        until = to_text(self._clock.now() + LIFE)
        return Download(await self._links.address(key, name, mime, LIFE), until)

    def issue(self, path: str) -> Download:
        """Return an address of what is at `path`."""
        until = to_text(self._clock.now() + LIFE)
        query = urlencode({"until": until, "signature": self._keys.sign(path, until)})
        return Download(f"{path}?{query}", until)

    def check(self, path: str, until: str, signature: str) -> None:
        """Raise InvalidInput unless the address was issued, Gone once it has ended."""
        if not self._keys.is_signature(signature, path, until):
            raise InvalidInput(message="This address opens nothing.")
        if self._clock.now() >= from_text(until):
            raise Gone(OLD)
