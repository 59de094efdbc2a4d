"""Looks into a file: its headers, then every packet, as headers say nothing or lie."""

import asyncio
from pathlib import Path

import msgspec

from quadrangle.machine.videos.failures import raise_probe_failure
from quadrangle.machine.videos.headers import (
    Headers,
    Stream,
    fraction,
    is_cover,
    is_still,
    picture_track,
    seconds,
    sound_track,
)
from quadrangle.machine.videos.jail import Bounds, jailed
from quadrangle.machine.videos.program import running
from quadrangle.machine.videos.settings import MIB, TranscoderSettings
from quadrangle.videos.processing.accepting_rules import (
    EMPTY,
    NOT_A_VIDEO,
    TOO_HARD,
    refusal,
    size_refusal,
)
from quadrangle.videos.processing.command_rules import count_packets, find_idr, look_at_headers
from quadrangle.videos.processing.copying_rules import may_copy
from quadrangle.videos.processing.film_model import Film, PictureTrack, SoundTrack
from quadrangle.videos.processing.ladder_rules import renditions, shown_rate, shown_size
from quadrangle.videos.processing.ports import HEIGHTS, Probe, Refusal
from quadrangle.videos.processing.timing_rules import Packets

_CLOCK_JUMPS = ("mpegts", "mpeg")  # kinds of files whose clock may be set anew on the way
_KEEPS_SIZE = "mov"
_CLAIMS = ("mov", "matroska")  # kinds whose headers were written when the length was known
_FIELDS = 6
_STILL_S = 1.0


class FilmProbe(Probe, frozen=True, kw_only=True):
    """A Probe with all that rendering needs to know."""

    film: Film


class Probing:
    """Looks into files, each time in a sandbox."""

    def __init__(self, settings: TranscoderSettings) -> None:
        self._settings = settings
        self._bounds = Bounds(
            memory=settings.probe_memory * MIB,
            file=MIB,
            work_s=settings.probe_s,
            clock_s=settings.probe_s,
            nice=settings.nice,
        )

    async def probe(self, path: Path) -> FilmProbe:
        """Raises Refusal and Unavailable."""
        if await asyncio.to_thread(_is_empty, path):
            raise Refusal("This file is empty.")
        headers = await self._headers(path)
        self._refuse_by_headers(headers)
        film = _film(headers, await self._packets(path, headers))
        refused = refusal(film, self._settings.caps)
        if refused is not None:
            raise Refusal(refused)
        return _probe_of(await self._with_idr(path, film))

    async def _headers(self, path: Path) -> Headers:
        command = look_at_headers(self._settings.caps.pixels)
        async with running(jailed(command, self._bounds, source=path)) as program:
            said = await program.text()
            code = await program.ended()
            if code != 0:
                raise_probe_failure(code, program.said, self._settings.caps)
        try:
            return msgspec.json.decode(said, type=Headers, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refusal(NOT_A_VIDEO) from error

    def _refuse_by_headers(self, headers: Headers) -> None:
        """Refuse what is too large before anything decodes it, and what has too many streams."""
        caps = self._settings.caps
        if len(headers.streams) > caps.streams:
            refused = refusal(Film(duration=1, streams=len(headers.streams)), caps)
            raise Refusal(refused or TOO_HARD)
        for stream in headers.of_type("video"):
            refused = size_refusal(stream.width, stream.height, caps)
            if refused is not None:
                raise Refusal(refused)
        if not headers.of_type("video") and not headers.of_type("audio"):
            raise Refusal(EMPTY)

    async def _packets(self, path: Path, headers: Headers) -> dict[int, Packets]:
        """Count all packets of all streams."""
        jumps = any(headers.is_a(kind) for kind in _CLOCK_JUMPS)
        found = {each.index: Packets(clock_may_jump=jumps) for each in headers.streams}
        left = self._settings.caps.packets
        command = count_packets(self._settings.caps.pixels)
        async with running(jailed(command, self._bounds, source=path)) as program:
            async for line in program.lines():
                fields = line.decode(errors="replace").split("|")
                if len(fields) < _FIELDS or not fields[0].isdigit():
                    continue
                left -= 1
                if left < 0:
                    raise Refusal(TOO_HARD)
                packets = found.get(int(fields[0]))
                if packets is not None:
                    _add(packets, fields)
            code = await program.ended()
            if not any(len(packets) for packets in found.values()):
                raise_probe_failure(code or 1, program.said, self._settings.caps)
        return found

    async def _with_idr(self, path: Path, film: Film) -> Film:
        """Look whether the source could be the top rung, if everything else speaks for it."""
        picture = film.picture
        if picture is None or not self._could_be_copied(film, picture):
            return film
        command = find_idr(picture.index, self._settings.caps.pixels)
        count = 0
        async with running(jailed(command, self._bounds, source=path)) as program:
            async for line in program.lines():
                count += bool(line) and not line.startswith(b"#")
            code = await program.ended()
        all_idr = code == 0 and count == picture.timing.keyframes
        return msgspec.structs.replace(
            film, picture=msgspec.structs.replace(picture, all_idr=all_idr)
        )

    @staticmethod
    def _could_be_copied(film: Film, picture: PictureTrack) -> bool:
        top = renditions(picture, HEIGHTS, shown_rate(picture.timing.rate))[0]
        return may_copy(film, top)


def _add(packets: Packets, fields: list[str]) -> None:
    flags = fields[5]
    packets.add(
        shown=seconds(fields[1]),
        decoded=seconds(fields[2]),
        length=seconds(fields[3]) or 0.0,
        size=int(fields[4]) if fields[4].isdigit() else 0,
        key=flags.startswith("K"),
        skip="D" in flags,
    )


def _film(headers: Headers, packets: dict[int, Packets]) -> Film:
    """Put together what was found; times count from when the film begins."""
    origin = seconds(headers.format.start_time)
    if origin is None:
        firsts = [first for each in packets.values() if (first := each.first()) is not None]
        origin = min(firsts, default=0.0)
    picture = _picture(headers, packets, origin)
    sound = _sound(headers, packets, origin)
    covers = [stream.index for stream in headers.streams if is_cover(stream)]
    if picture is not None and sound is not None and _is_only_still(headers, picture, sound):
        covers, picture = [picture.index, *covers], None
    ends = [track.timing.end for track in (picture, sound) if track is not None]
    return Film(
        duration=max(0.0, *ends, 0.0),
        streams=len(headers.streams),
        picture=picture,
        sound=sound,
        cover=covers[0] if covers and picture is None else None,
        claimed=_claimed(headers, picture, sound),
        may_resize=not headers.is_a(_KEEPS_SIZE),
    )


def _picture(headers: Headers, packets: dict[int, Packets], origin: float) -> PictureTrack | None:
    for stream in headers.of_type("video"):
        timing = packets[stream.index].timing(origin, fraction(stream.r_frame_rate))
        if timing is not None:
            return picture_track(stream, timing)
    return None


def _sound(headers: Headers, packets: dict[int, Packets], origin: float) -> SoundTrack | None:
    for stream in headers.of_type("audio"):
        timing = packets[stream.index].timing(origin, fraction(""))
        if timing is not None:
            return sound_track(stream, timing)
    return None


def _is_only_still(headers: Headers, picture: PictureTrack, sound: SoundTrack) -> bool:
    """Tell whether the picture is a cover that does not say so."""
    stream = next(each for each in headers.streams if each.index == picture.index)
    return is_still(stream) and picture.timing.packets == 1 and sound.timing.end > _STILL_S


def _claimed(headers: Headers, picture: PictureTrack | None, sound: SoundTrack | None) -> float:
    """Return the length its headers tell of what is shown, 0 where they could not know it."""
    if not any(headers.is_a(kind) for kind in _CLAIMS):
        return 0.0
    shown = {track.index for track in (picture, sound) if track is not None}
    chosen: list[Stream] = [each for each in headers.streams if each.index in shown]
    told = [seconds(each.duration) or 0.0 for each in chosen]
    return max([*told, 0.0]) or seconds(headers.format.duration) or 0.0


def _probe_of(film: Film) -> FilmProbe:
    width, height = (0, 0) if film.picture is None else shown_size(film.picture)
    return FilmProbe(
        duration=film.duration,
        width=width,
        height=height,
        frame_rate=0.0 if film.picture is None else float(film.picture.timing.rate),
        video_codec="" if film.picture is None else film.picture.codec,
        audio_codec="" if film.sound is None else film.sound.codec,
        film=film,
    )


def _is_empty(path: Path) -> bool:
    return path.stat().st_size == 0
