"""Captions, chapters and their description that move along when a film is cut."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence

import msgspec
import structlog

from quadrangle.kernel.errors import InvalidInput, NotFound
from quadrangle.videos.captions.cue_rules import Cue, read, written
from quadrangle.videos.captions.passage_rules import passages_of
from quadrangle.videos.chapters.cutting_rules import chapters_cut
from quadrangle.videos.chapters.description_rules import description_cut
from quadrangle.videos.editing.span_rules import moved
from quadrangle.videos.model import Caption, Passage, Spans, Video
from quadrangle.videos.ports import Shelves

log = structlog.get_logger(__name__)


Said = Mapping[str, Sequence[Passage]]


class Cut(msgspec.Struct, frozen=True):
    """What a new film changes of captions and chapters. `made` are new captions by the files of
    those they take the place of, and `said` what is in them, by their own; `emptied` are files of
    captions of which nothing is left."""

    old: Spans = ()
    new: Spans = ()
    other_film: bool = False
    made: Mapping[str, Caption] = {}
    emptied: frozenset[str] = frozenset()
    said: Said = {}

    def applied(self, video: Video) -> Video:
        """Return a video with the words that fit its new film."""
        there = video.details.captions
        if self.other_film:  # a model has heard another one; it listens anew
            captions = tuple(each for each in there if not each.automatic)
            details = msgspec.structs.replace(video.details, captions=captions)
        else:
            kept = [each for each in there if each.file not in self.emptied]
            captions = tuple(self.made.get(each.file, each) for each in kept)
            chapters = chapters_cut(video.details.chapters, self.old, self.new)
            details = msgspec.structs.replace(video.details, captions=captions, chapters=chapters)
            description = description_cut(video.description, video.duration, self.old, self.new)
            video = msgspec.structs.replace(video, description=description)
        return msgspec.structs.replace(video, details=details)


class CutCaptions:
    """Writes captions anew, beside those that are shown until the film is."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    async def make(self, video: Video) -> Cut:
        """Return what makes a video's words fit its new film: its `redo`. What people wrote of
        another upload, whose words are other ones, stays as it is."""
        redo, details = video.details.redo, video.details
        if redo is None or redo.source or redo.kept == details.kept:
            return Cut(other_film=redo is not None and bool(redo.source))
        made: dict[str, Caption] = {}
        said: dict[str, Sequence[Passage]] = {}
        emptied: set[str] = set()
        for caption in details.captions:
            found = await self._moved(video.key, caption, details.kept, redo.kept)
            if found is None:
                continue
            new, cues = found
            if new is None:
                emptied.add(caption.file)
            else:
                made[caption.file] = new
                said[new.file] = passages_of(cues)
        return Cut(details.kept, redo.kept, made=made, said=said, emptied=frozenset(emptied))

    async def _moved(
        self, key: str, caption: Caption, old: Spans, new: Spans
    ) -> tuple[Caption | None, list[Cue]] | None:
        """Return what takes the place of captions, and None for no cue; None where it failed."""
        try:
            content = await self._shelves.read_caption(key, caption.file)
            cues = await asyncio.to_thread(lambda: _cues(read(content), old, new))
        except (NotFound, InvalidInput) as error:
            log.warning("captions do not move along", cause=repr(error))
            return None
        if not cues:
            return None, []
        file = f"{caption.language.lower()}-{secrets.token_hex(6)}.vtt"
        await self._shelves.write_caption(key, file, written(cues).encode())
        return msgspec.structs.replace(caption, file=file), cues


def _cues(cues: list[Cue], old: Spans, new: Spans) -> list[Cue]:
    found = []
    for cue in cues:
        span = moved((cue.start / 1000, cue.end / 1000), old, new)
        if span is not None:
            start, end = round(span[0] * 1000), round(span[1] * 1000)
            if start < end:
                found.append(msgspec.structs.replace(cue, start=start, end=end))
    return found
