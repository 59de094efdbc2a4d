"""Captions of a video: put, listed, taken away."""

import asyncio
import secrets

import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, QuadrangleError, Unavailable
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked
from quadrangle.videos import rules
from quadrangle.videos.captions.cue_rules import read, written
from quadrangle.videos.captions.language_rules import is_same, require_language
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Caption, Video
from quadrangle.videos.ports import Shelves

log = structlog.get_logger(__name__)
_LONGEST_LABEL = 80
_MOST = 40  # languages of one video


class Captions:
    """What can be done with captions, by whoever may change the video."""

    def __init__(self, gallery: Gallery, shelves: Shelves, clock: Clock) -> None:
        self._gallery = gallery
        self._shelves = shelves
        self._clock = clock

    async def put(
        self, video_id: int, language: str, label: str, content: bytes, who: Principal
    ) -> tuple[Video, Caption]:
        """Have a file be the captions of a language, in place of what there was.

        Raises InvalidInput for what is no language or no captions.
        """
        video = await self._gallery.own(video_id, who)
        require_language(language)
        text = await asyncio.to_thread(lambda: written(read(content)).encode())
        checked = Checked()
        shown = checked.optional_line("label", label, _LONGEST_LABEL) or language
        if checked.errors:
            raise InvalidInput(checked.errors)
        # a name of its own each time: no file changes under its address, nor comes back
        file = f"{language.lower()}-{secrets.token_hex(6)}.vtt"
        caption = Caption(language=language, label=shown, file=file)
        await self._shelves.write_caption(video.key, file, text)
        try:
            return await self._replace(video_id, language, caption, who), caption
        except Unavailable:  # nobody knows whether it was saved
            raise
        except QuadrangleError:
            await self._remove_file(video.key, file)
            raise

    async def remove(self, video_id: int, language: str, who: Principal) -> None:
        """Take the captions of a language away. Raises NotFound."""
        video = await self._gallery.own(video_id, who)
        if not any(is_same(each.language, language) for each in video.details.captions):
            raise NotFound("There are no captions in this language.")
        await self._replace(video_id, language, None, who)

    async def _replace(
        self, video_id: int, language: str, caption: Caption | None, who: Principal
    ) -> Video:
        replaced: list[Caption] = []

        def change(video: Video) -> tuple[Video, Change]:
            there = video.details.captions
            replaced[:] = [each for each in there if is_same(each.language, language)]
            others = [each for each in there if each not in replaced]
            if len(others) >= _MOST:
                raise Conflict("There are captions in too many languages already.")
            captions = tuple(others if caption is None else [*others, caption])
            return rules.captioned(video, captions, self._clock.now(), who)

        changed = await self._gallery.saving(video_id, who, change)
        for each in replaced:  # and no other: one that is not in the row may be about to be
            await self._remove_file(changed.key, each.file)
        return changed

    async def _remove_file(self, key: str, file: str) -> None:
        """Remove a file that no row names any more; what is left goes with its video."""
        try:
            await self._shelves.remove_caption(key, file)
        except Unavailable as error:
            log.warning("a file of captions is left over", cause=repr(error))
