"""Captions that move along when a film is cut."""

import asyncio
import secrets
from collections.abc import Callable

import msgspec
import structlog

from quadrangle.kernel.errors import InvalidInput, NotFound
from quadrangle.videos.captions.cue_rules import Cue, read, written
from quadrangle.videos.editing.span_rules import moved
from quadrangle.videos.model import Caption, Spans, Video
from quadrangle.videos.ports import Shelves

log = structlog.get_logger(__name__)


class CutCaptions:
    """Writes captions anew, beside those that are shown until the film is."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    async def make(self, video: Video) -> Callable[[Video], Video]:
        """Return what gives a video the captions that fit its new film: its `redo`. Those of
        another upload, whose words are other ones, stay as they are."""
        redo, details = video.details.redo, video.details
        if redo is None or redo.source or redo.kept == details.kept:
            return lambda video: video
        made: dict[str, Caption] = {}
        for caption in details.captions:
            found = await self._moved(video.key, caption, details.kept, redo.kept)
            if found is not None:
                made[caption.file] = found

        def with_captions(video: Video) -> Video:
            captions = tuple(made.get(each.file, each) for each in video.details.captions)
            details = msgspec.structs.replace(video.details, captions=captions)
            return msgspec.structs.replace(video, details=details)

        return with_captions

    async def _moved(self, key: str, caption: Caption, old: Spans, new: Spans) -> Caption | None:
        try:
            content = await self._shelves.read_caption(key, caption.file)
            cues = await asyncio.to_thread(lambda: _cues(read(content), old, new))
        except (NotFound, InvalidInput) as error:
            log.warning("captions do not move along", cause=repr(error))
            return None
        file = f"{caption.language.lower()}-{secrets.token_hex(6)}.vtt"
        await self._shelves.write_caption(key, file, written(cues).encode())
        return msgspec.structs.replace(caption, file=file)


def _cues(cues: list[Cue], old: Spans, new: Spans) -> list[Cue]:
    found = []
    for cue in cues:
        span = moved((cue.start / 1000, cue.end / 1000), old, new)
        if span is not None:
            start, end = round(span[0] * 1000), round(span[1] * 1000)
            if start < end:
                found.append(msgspec.structs.replace(cue, start=start, end=end))
    return found
