"""Names of desktops: address records at Cloudflare, which passes on what comes for them.

This module brings in Cloudflare's library, which only the package `desktops` has.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

from cloudflare import APIError, APIStatusError, Cloudflare

from quadrangle.aws.desktops.probe import PORT
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import Machine

TIMEOUT_S = 5.0
RETRIES = 2
_TYPE = "A"
_AUTOMATIC = 1  # a record that is passed on has no other time to live
# "An identical record already exists", and its older form: another process was quicker.
_THERE_ALREADY = frozenset({81057, 81058})
_GONE_ALREADY = frozenset({81044})


class CloudflareRoutes:
    """Implements Routes. The name of a machine is its id in `domain`, on a zone of one's own.

    The same name with another address is taken as a second record, and people would reach either:
    so all records of the exact name are looked at, one is put right, and others go.
    """

    def __init__(
        self,
        token: Callable[[], str],
        zone_id: str,
        domain: str,
        base_url: str | None = None,
        retries: int = RETRIES,
    ) -> None:
        """`token` raises Unavailable. `base_url` is where Cloudflare's API is, if elsewhere."""
        self._token = token
        self._zone_id = zone_id
        self._domain = domain
        self._base_url = base_url
        self._retries = retries
        self._made: tuple[str, Cloudflare] | None = None

    async def point(self, machine: Machine) -> str:
        if machine.address is None:
            raise Unavailable("This desktop has no address yet.")
        name = self._name(machine)
        with _translated():
            found = self._records(name)
            kept = next((each for each in found if each.content == machine.address), None)
            kept = kept or next(iter(found), None)
            self._write(kept, name, machine.address)
            for record in found:
                if record is not kept:
                    self._delete(record)
        return f"https://{name}:{PORT}"

    async def take_off(self, machine: Machine) -> None:
        with _translated():
            for record in self._records(self._name(machine)):
                if record.content == machine.address:
                    self._delete(record)

    def _name(self, machine: Machine) -> str:
        return f"{machine.machine_id}.{self._domain}"

    def _records(self, name: str) -> list[Any]:
        """Return all of an exact name, from every page, oldest first."""
        pages = self._dns.list(zone_id=self._zone_id, name={"exact": name}, type=_TYPE)
        return sorted(pages, key=lambda record: (str(record.created_on), record.id))

    def _write(self, record: Any | None, name: str, address: str) -> None:
        wanted: dict[str, Any] = {
            "zone_id": self._zone_id,
            "type": _TYPE,
            "name": name,
            "content": address,
            "ttl": _AUTOMATIC,
            "proxied": True,
        }
        if record is None:
            with _unless(_THERE_ALREADY):
                self._dns.create(**wanted)
        elif (record.content, record.proxied) != (address, True):
            with _unless(_THERE_ALREADY):
                self._dns.update(record.id, **wanted)

    def _delete(self, record: Any) -> None:
        with _unless(_GONE_ALREADY):
            self._dns.delete(record.id, zone_id=self._zone_id)

    @property
    def _dns(self) -> Any:
        """The library's client of records, for the token of now."""
        token = self._token()
        if self._made is None or self._made[0] != token:
            client = Cloudflare(
                api_token=token,
                base_url=self._base_url,
                timeout=TIMEOUT_S,
                max_retries=self._retries,
            )
            self._made = (token, client)
        return self._made[1].dns.records


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Raise Unavailable for whatever Cloudflare refuses or does not answer."""
    try:
        yield
    except APIError as error:
        raise Unavailable() from error


@contextlib.contextmanager
def _unless(codes: Collection[int]) -> Iterator[None]:
    """Let errors pass that mean that what is wanted is so already."""
    try:
        yield
    except APIStatusError as error:
        if not any(each.code in codes for each in error.errors):
            raise
