"""Captions of a video: put, listed, taken away."""

import hashlib
import re

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked
from quadrangle.videos import rules
from quadrangle.videos.captions.cue_rules import read, written
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Caption, Video
from quadrangle.videos.ports import Shelves

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
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
        if not _LANGUAGE.fullmatch(language):
            message = "Please name the language by its code, such as en or de-AT."
            raise InvalidInput.at("language", message)
        text = written(read(content)).encode()
        checked = Checked()
        shown = checked.optional_line("label", label, _LONGEST_LABEL) or language
        if checked.errors:
            raise InvalidInput(checked.errors)
        # another name for other texts: a file never changes under its address
        digest = hashlib.sha256(text).hexdigest()[:12]
        caption = Caption(language=language, label=shown, file=f"{language.lower()}-{digest}.vtt")
        await self._shelves.write_caption(video.key, caption.file, text)
        return await self._replace(video_id, language, caption, who), caption

    async def remove(self, video_id: int, language: str, who: Principal) -> None:
        """Take the captions of a language away. Raises NotFound."""
        video = await self._gallery.own(video_id, who)
        if language not in [each.language for each in video.details.captions]:
            raise NotFound("There are no captions in this language.")
        await self._replace(video_id, language, None, who)

    async def _replace(
        self, video_id: int, language: str, caption: Caption | None, who: Principal
    ) -> Video:
        def change(video: Video) -> tuple[Video, Change]:
            others = [each for each in video.details.captions if each.language != language]
            if len(others) >= _MOST:
                raise Conflict("There are captions in too many languages already.")
            captions = tuple(others if caption is None else [*others, caption])
            return rules.captioned(video, captions, self._clock.now(), who)

        changed = await self._gallery.saving(video_id, who, change)
        kept = [each.file for each in changed.details.captions]
        await self._shelves.keep_captions(changed.key, kept)
        return changed
