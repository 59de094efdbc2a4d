"""Files of desktops in a bucket: what is put for a machine, and what it sends to be taken home.

    given/<machine>/<name>              fetched by the machine
    take-home/<machine>/<what it is>    a zip, sent by the machine each time it has changed

Machines have no rights to the bucket, but addresses that we sign for one object and some minutes.
The bucket itself forgets what nobody forgot (deploy/aws/desktops.yaml).
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote, unquote

from quadrangle.aws.base.errors import translated
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.desktops.ports import Desktops, FileAddress
from quadrangle.meetings.model import MeetingRole

LIFE_S = 5 * 60  # of an address; the machine asks for a new one each time
MIB = 1024 * 1024
FILES = 100 * MIB  # bounds one file that is put in
TAKE_HOME = 500 * MIB
_CHUNK = 256 * 1024
_MOST_NAME_BYTES = 255
_ENDED = "This desktop is not there any more."


class S3DesktopFiles:
    """Implements DesktopFiles and FileAddresses. `s3` is a client of S3."""

    def __init__(self, s3: Any, bucket: str, desktops: Desktops) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._desktops = desktops

    async def put_file(self, machine_id: str, name: str, content: bytes) -> None:
        """Have the machine fetch a file within a minute. It leaves alone what is there already."""
        key = _given(machine_id) + _plain(name)
        if len(content) > FILES:
            raise TooLarge(f"A file for a desktop may have {FILES // MIB} MiB.")
        if await self._living(machine_id) is None:
            raise NotFound(_ENDED)
        with translated():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)

    async def take_home(self, machine_id: str) -> AsyncIterator[bytes]:
        keys = list(self._keys(_home(machine_id)))
        if not keys:
            if await self._living(machine_id) is not None:
                return  # nothing lies there
            raise NotFound("The files of this desktop are not kept any more.")
        with translated():
            body = self._s3.get_object(Bucket=self._bucket, Key=keys[0])["Body"]
            for chunk in body.iter_chunks(_CHUNK):
                yield chunk

    async def list_kept(self) -> list[Machine]:
        kept = [machine for key in self._keys("take-home/") if (machine := _machine(key))]
        known = await self._desktops.look_up([machine.machine_id for machine in kept])
        # One that EC2 does not know any more ended an hour ago, or more.
        return [machine for machine in kept if not _lives(known.get(machine.machine_id))]

    async def forget(self, machine_id: str) -> None:
        if await self._living(machine_id) is not None:
            raise Conflict("This desktop still runs.")
        for prefix in (_given(machine_id), _home(machine_id)):
            for key in self._keys(prefix):
                with translated():
                    self._s3.delete_object(Bucket=self._bucket, Key=key)

    async def given(self, machine_id: str) -> list[FileAddress]:
        prefix = _given(machine_id)
        return [
            FileAddress(unquote(key.removeprefix(prefix)), self._address("get_object", Key=key))
            for key in self._keys(prefix)
        ]

    async def for_take_home(self, machine: Machine, size: int) -> str | None:
        if size > TAKE_HOME:
            return None
        # The size is signed too: S3 takes exactly so much.
        return self._address("put_object", Key=_home_key(machine), ContentLength=size)

    async def _living(self, machine_id: str) -> Machine | None:
        machine = (await self._desktops.look_up([machine_id])).get(machine_id)
        return machine if _lives(machine) else None

    def _address(self, call: str, **what: Any) -> str:
        with translated():
            return self._s3.generate_presigned_url(
                call, Params={"Bucket": self._bucket, **what}, ExpiresIn=LIFE_S
            )

    def _keys(self, prefix: str) -> Iterator[str]:
        with translated():
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            for page in pages:
                for each in page.get("Contents", ()):
                    yield each["Key"]


def _lives(machine: Machine | None) -> bool:
    return machine is not None and machine.state is not MachineState.GONE


def _given(machine_id: str) -> str:
    return f"given/{quote(machine_id, safe='')}/"


def _home(machine_id: str) -> str:
    return f"take-home/{quote(machine_id, safe='')}/"


def _home_key(machine: Machine) -> str:
    """Return where the zip of a machine is; it says whose it was, when EC2 has forgotten."""
    whose = f"{machine.meeting_id}/{machine.role}/{machine.generation}/{machine.token}"
    return f"{_home(machine.machine_id)}{whose}.zip"


def _machine(key: str) -> Machine | None:
    match key.removesuffix(".zip").split("/"):
        case ["take-home", machine_id, meeting_id, role, generation, token]:
            return Machine(
                machine_id=unquote(machine_id),
                meeting_id=meeting_id,
                role=MeetingRole(role),
                generation=int(generation),
                token=token,
                state=MachineState.GONE,
            )
        case _:
            return None


def _plain(name: str) -> str:
    """Return the last part of a key for a name of a file. Raises InvalidInput."""
    plain = name.isprintable() and "/" not in name and name not in ("", ".", "..")
    if not plain or len(name.encode(errors="replace")) > _MOST_NAME_BYTES:
        raise InvalidInput.at("name", "This cannot be the name of a file.")
    return quote(name, safe="")
