"""Films desktops with ffmpeg, in sandboxes of their own that only share the desktop's display.

Not in the desktop's own sandbox, whose person could end it, read what it keeps, or fill its disk.
The file is MP4 in fragments: cut off anywhere, all up to the last of them can be shown.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.machine.desktops.bounds import memory_of_all
from quadrangle.machine.desktops.bubblewrap import sandbox, sealed
from quadrangle.machine.desktops.ending import end_kept
from quadrangle.machine.desktops.launching import start_shim
from quadrangle.machine.desktops.planning import NICE, OOM_SCORE, Place
from quadrangle.machine.desktops.programs import Part, Programs
from quadrangle.machine.desktops.records import NO_DESKTOP, RECORDINGS, Record, Records, group_of
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.machine.desktops.shim.cgroups import found_group
from quadrangle.machine.desktops.shim.locks import holder
from quadrangle.machine.desktops.shim.notes import BEGUN, read_note
from quadrangle.machine.desktops.shim.plan import INFO_FD, Plan
from quadrangle.machine.desktops.shim.usage import remove_tree
from quadrangle.machine.desktops.threads import in_thread
from quadrangle.meetings.desktops.ports import LaunchRefused

VIDEO = "video.mp4"
FRAMES_PER_SECOND = 15
_FRAGMENT_FRAMES = 30
_HEAD_BYTES = 2048  # what stands before the first picture is less
_PROCESSES = 64
_STOP_S = 10
_CHUNK = 1 << 20
_LATE = timedelta(minutes=1)  # whoever follows it ends it before, and says why
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_NO_RECORDING = "There is no such recording."


class SandboxRecordings:
    """Implements Recordings."""

    def __init__(self, settings: DesktopSettings, programs: Programs | None = None) -> None:
        self._settings = settings
        self._records = Records(settings.folder)
        self._programs = programs or Programs(settings)

    async def start(self, machine_id: str, recording_id: str, until: datetime) -> None:
        await in_thread(lambda: self._start(machine_id, recording_id, until))

    async def is_running(self, machine_id: str, recording_id: str) -> bool:
        folder = self._begun(machine_id, recording_id)
        return await in_thread(lambda: holder(str(folder / "lock")) is not None)

    async def stop(self, machine_id: str, recording_id: str) -> None:
        folder = self._begun(machine_id, recording_id)
        await in_thread(lambda: end_kept(folder, _STOP_S))

    async def size(self, machine_id: str, recording_id: str) -> int:
        path = self._begun(machine_id, recording_id) / VIDEO
        size = await in_thread(lambda: path.stat().st_size if path.exists() else 0)
        return size if size > _HEAD_BYTES else 0

    async def content(self, machine_id: str, recording_id: str) -> AsyncIterator[bytes]:
        path = self._begun(machine_id, recording_id) / VIDEO
        with await asyncio.to_thread(path.open, "rb") as file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk

    async def discard(self, machine_id: str, recording_id: str) -> None:
        folder = self._folder(machine_id, recording_id)
        await in_thread(lambda: _discard(folder))

    def _start(self, machine_id: str, recording_id: str, until: datetime) -> None:
        missing = self._programs.unavailable(Part.RECORDING)
        if missing is not None:
            raise LaunchRefused(missing)
        folder = self._folder(machine_id, recording_id)
        record = self._records.read(machine_id)
        shim = self._records.shim(machine_id)
        if record is None or shim is None:
            raise NotFound(NO_DESKTOP)
        if holder(str(folder / "lock")) is not None:
            return
        if read_note(str(folder), BEGUN) is not None:
            raise Conflict("This recording is over.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = Place(self._records.folder(machine_id), record.user)
        # The desktop's shim shows its display where only who shares its mounts can see it.
        into = [] if place.stage is None else ["nsenter", f"--mount=/proc/{shim}/ns/mnt", "--"]
        start_shim(_plan(folder, record, place, self._settings, until), into)

    def _folder(self, machine_id: str, recording_id: str) -> Path:
        if not _ID.fullmatch(recording_id):
            raise NotFound(_NO_RECORDING)
        return self._records.folder(machine_id) / RECORDINGS / recording_id

    def _begun(self, machine_id: str, recording_id: str) -> Path:
        folder = self._folder(machine_id, recording_id)
        if not (folder / BEGUN).exists():
            raise NotFound(_NO_RECORDING)
        return folder


def _plan(
    folder: Path, record: Record, place: Place, settings: DesktopSettings, until: datetime
) -> Plan:
    return Plan(
        folder=str(folder),
        command=_command(place, settings),
        ends_at=min(from_text(record.order.ends_at), until + _LATE).timestamp(),
        farewell="q",
        output=VIDEO,
        file_bytes=settings.recording * MIB,
        user=None if record.user is None else record.user + settings.user_count,
        group="" if record.user is None else group_of(folder),
        memory_bytes=settings.memory * MIB,
        all_memory_bytes=memory_of_all(),
        processes=_PROCESSES,
        nice=NICE,
        oom_score=OOM_SCORE,
    )


def _command(place: Place, settings: DesktopSettings) -> list[str]:
    displays = ["--ro-bind", str(place.displays), "/tmp/.X11-unix"]
    return [
        *sandbox(place.given, network=False, locale=settings.locale),
        *("--info-fd", str(INFO_FD), *sealed(*displays), "--chdir", "/tmp", "--"),
        *("/bin/sh", "-c", _film(settings)),
    ]


def _film(settings: DesktopSettings) -> str:
    """A screen that shrinks ends the recording as if all were well: its size is locked."""
    lock, unlock = _SIZE_LOCK if settings.resize else ("", "")
    return f"""
{lock}
ffmpeg -loglevel warning -f x11grab -framerate {FRAMES_PER_SECOND} -i "$DISPLAY" \
  -vf 'crop=trunc(iw/2)*2:trunc(ih/2)*2' -c:v libx264 -preset veryfast -crf 26 \
  -g {_FRAGMENT_FRAMES} -pix_fmt yuv420p -f mp4 \
  -movflags +frag_keyframe+empty_moov+default_base_moof -flush_packets 1 pipe:1
{unlock}
"""


_SIZE_LOCK = ("vncconfig -set AcceptSetDesktopSize=0", "vncconfig -set AcceptSetDesktopSize=1")


def _discard(folder: Path) -> None:
    if folder.is_dir():
        end_kept(folder, _STOP_S)
        found_group(group_of(folder)).remove()
        remove_tree(folder)
