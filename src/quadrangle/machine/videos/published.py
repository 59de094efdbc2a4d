"""What players read of a film: written while it grows, and anew when it is whole."""

import contextlib
import os
from pathlib import Path

import msgspec

from quadrangle.machine.videos.evening import evened
from quadrangle.videos.processing.accepting_rules import UNREADABLE
from quadrangle.videos.processing.ladder_rules import Rendition
from quadrangle.videos.processing.making_model import AUDIO, INDEX, SOUND_BITS, Making
from quadrangle.videos.processing.master_rules import (
    NoPicture,
    Sound,
    Variant,
    codecs,
    master_playlist,
    picture_codec,
    together,
)
from quadrangle.videos.processing.playlist_rules import (
    BitRates,
    MediaPlaylist,
    NotAPlaylist,
    Segment,
    bit_rates,
    read_playlist,
    write_playlist,
)
from quadrangle.videos.processing.ports import MASTER, Refusal, Rung

_MOST_PLAYLIST = 1 << 22
_MOST_INIT = 1 << 16
_TEMPORARY = ".new"


class Growing:
    """A film in the making. `playable` once a master was written."""

    def __init__(self, folder: Path, making: Making) -> None:
        self.folder = folder
        self.making = making
        self.playable = False


def publish_growing(growing: Growing) -> None:
    """Write the first master, if every rendition has a segment. Its rates are the most there can
    be, as nobody knows the real ones yet."""
    folder, making = growing.folder, growing.making
    try:
        if not all(_read(folder / each).segments for each in making.playlists):
            return
        variants = [
            _variant(folder, making, each, BitRates(0, _expected(making, each)))
            for each in making.renditions
        ]
    except (FileNotFoundError, NotAPlaylist, NoPicture):
        return  # not yet
    sound = None if making.film.sound is None else Sound(_AUDIO, BitRates(0, SOUND_BITS))
    _replace(folder / MASTER, master_playlist(variants, sound))
    growing.playable = True


_AUDIO = f"{AUDIO}/{INDEX}"


class Published(msgspec.Struct, frozen=True):
    """A whole film: its rungs, its playlists by their path, and how long players will show it;
    `shortest` is of the rendition that ends first."""

    rungs: tuple[Rung, ...]
    playlists: dict[str, MediaPlaylist]
    duration: float
    shortest: float


def publish_whole(folder: Path, making: Making) -> Published:
    """Write the last playlists: whole ones, and a master that tells real rates.

    Raises Refusal when a rendition is missing or broken: what was written is not trusted.
    """
    try:
        measured = {each: _measured(folder, each) for each in making.playlists}
        playlists = {
            each: evened((folder / each).parent, playlist) for each, playlist in measured.items()
        }
        rates = {each: bit_rates(playlist.segments) for each, playlist in playlists.items()}
        variants = [
            _variant(folder, making, each, rates[f"{each.folder}/{INDEX}"])
            for each in making.renditions
        ]
    except (FileNotFoundError, NotAPlaylist, NoPicture) as error:
        raise Refusal(UNREADABLE) from error
    sound = None if making.film.sound is None else Sound(_AUDIO, rates[_AUDIO])
    for each, playlist in playlists.items():
        _replace(folder / each, write_playlist(playlist))
    _replace(folder / MASTER, master_playlist(variants, sound))
    rungs = zip(making.renditions, variants, strict=True)
    return Published(
        rungs=tuple(_rung(rendition, variant, sound) for rendition, variant in rungs),
        playlists=playlists,
        duration=max(playlist.duration for playlist in playlists.values()),
        shortest=min(playlist.duration for playlist in playlists.values()),
    )


def _expected(making: Making, rendition: Rendition) -> int:
    """Return the most bits a second of a rendition before it is measured."""
    picture = making.film.picture
    if rendition.copied and picture is not None:
        return max(picture.timing.peak, picture.timing.average)
    return rendition.most_bits


def _variant(folder: Path, making: Making, rendition: Rendition, rates: BitRates) -> Variant:
    playlist = f"{rendition.folder}/{INDEX}"
    init = folder / rendition.folder / _read(folder / playlist).init
    return Variant(
        playlist=playlist,
        width=rendition.width,
        height=rendition.height,
        codec=picture_codec(_content(init, _MOST_INIT)),
        frame_rate=making.rate,
        rates=rates,
    )


def _rung(rendition: Rendition, variant: Variant, sound: Sound | None) -> Rung:
    rates = together(variant, sound)
    return Rung(
        name=rendition.name,
        width=rendition.width,
        height=rendition.height,
        bit_rate=rates.peak,
        average=rates.average,
        codecs=codecs(variant, sound),
        playlist=variant.playlist,
        frame_rate=float(variant.frame_rate),
    )


def _measured(folder: Path, name: str) -> MediaPlaylist:
    """Read a playlist and the size of each of its segments."""
    playlist = _read(folder / name)
    if not playlist.ended or not playlist.segments:
        raise NotAPlaylist
    beside = (folder / name).parent
    segments = tuple(_with_size(beside, segment) for segment in playlist.segments)
    return msgspec.structs.replace(playlist, segments=segments)


def _with_size(folder: Path, segment: Segment) -> Segment:
    about = os.lstat(folder / segment.name)
    if about.st_size == 0:
        raise NotAPlaylist
    return msgspec.structs.replace(segment, size=about.st_size)


def _read(path: Path) -> MediaPlaylist:
    try:
        return read_playlist(_content(path, _MOST_PLAYLIST).decode("ascii"))
    except UnicodeDecodeError as error:
        raise NotAPlaylist from error


def _content(path: Path, most: int) -> bytes:
    """Read a file that a program of the jail wrote: never through a link it may have laid."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        return file.read(most)


def _replace(path: Path, text: str) -> None:
    """Write a playlist so that it is there whole or as it was."""
    temporary = path.with_name(path.name + _TEMPORARY)
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    os.replace(temporary, path)
