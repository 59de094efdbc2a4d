"""Captions of a video: put, listed, taken away."""

import asyncio
import secrets
from collections.abc import Sequence

import msgspec
import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, QuadrangleError, Unavailable
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked
from quadrangle.videos import rules
from quadrangle.videos.captions.cue_rules import Cue, read, written
from quadrangle.videos.captions.editing_rules import checked_cues
from quadrangle.videos.captions.language_rules import base_of, is_same, name_of, require_language
from quadrangle.videos.captions.passage_rules import passages_of
from quadrangle.videos.gallery.gallery import Gallery, Said
from quadrangle.videos.model import Caption, Video
from quadrangle.videos.ports import Shelves

log = structlog.get_logger(__name__)
_LONGEST_LABEL = 80
_NONE = "There are no captions in this language."
_MOST = 40  # languages of one video


class CueEdit(msgspec.Struct, frozen=True, kw_only=True):
    """Cues as somebody typed them, and which version they had before them ("": none)."""

    version: str
    cues: Sequence[Cue]
    label: str = ""


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
        cues = await asyncio.to_thread(lambda: read(content))
        caption = named(language, _label(label) or language)
        return await self._keep(video, caption, cues, who), caption

    async def edit(
        self, video_id: int, language: str, edit: CueEdit, who: Principal
    ) -> tuple[Video, Caption]:
        """Have cues take the place of the version that somebody had before them.

        Raises InvalidInput, and Conflict when they were changed meanwhile.
        """
        video = await self._gallery.own(video_id, who)
        require_language(language)
        before = _there(video, language)
        _require_version(before, edit.version)
        label = _label(edit.label) or (before.label if before else name_of(language))
        mended = before is not None and before.by_program
        caption = named(before.language if before else language, label, mended=mended)
        cues = await asyncio.to_thread(lambda: checked_cues(edit.cues))
        return await self._keep(video, caption, cues, who, edit.version), caption

    async def cues(self, video: Video, language: str) -> tuple[Caption, list[Cue]]:
        """Return what is said in a language of a video. Raises NotFound."""
        caption = _there(video, language)
        if caption is None:
            raise NotFound(_NONE)
        content = await self._shelves.read_caption(video.key, caption.file)
        return caption, await asyncio.to_thread(lambda: read(content))

    async def _keep(
        self,
        video: Video,
        caption: Caption,
        cues: list[Cue],
        who: Principal,
        version: str | None = None,
    ) -> Video:
        """Save cues as a file, and then the video that names it."""
        content, passages = await asyncio.to_thread(
            lambda: (written(cues).encode(), passages_of(cues))
        )
        await self._shelves.write_caption(video.key, caption.file, content)
        said = {caption.file: passages}
        try:
            return await self._replace(
                video.video_id, caption.language, caption, who, said=said, version=version
            )
        except Unavailable:  # nobody knows whether it was saved
            raise
        except QuadrangleError:
            await self._remove_file(video.key, caption.file)
            raise

    async def remove(self, video_id: int, language: str, who: Principal) -> None:
        """Take the captions of a language away. Raises NotFound."""
        video = await self._gallery.own(video_id, who)
        if _there(video, language) is None:
            raise NotFound(_NONE)
        await self._replace(video_id, language, None, who)

    async def _replace(
        self,
        video_id: int,
        language: str,
        caption: Caption | None,
        who: Principal,
        *,
        said: Said | None = None,
        version: str | None = None,
    ) -> Video:
        """Put captions in place of those of their language, and of what a model wrote in it.

        `version` is the one that is to be replaced; None for whichever is there.
        """
        replaced: list[Caption] = []

        def change(video: Video) -> tuple[Video, Change]:
            _require_no_cut(video)
            there = video.details.captions
            if version is not None:
                _require_version(_there(video, language), version)
            replaced[:] = [each for each in there if is_same(each.language, language)]
            if caption is not None:
                replaced.extend(each for each in there if _gives_way(each, caption))
            others = [each for each in there if each not in replaced]
            if len(others) >= _MOST:
                raise Conflict("There are captions in too many languages already.")
            captions = tuple(others if caption is None else [*others, caption])
            return rules.captioned(video, captions, self._clock.now(), who)

        changed = await self._gallery.saving(video_id, who, change, said)
        for each in replaced:  # and no other: one that is not in the row may be about to be
            await self._remove_file(changed.key, each.file)
        return changed

    async def _remove_file(self, key: str, file: str) -> None:
        """Remove a file that no row names any more; what is left goes with its video."""
        try:
            await self._shelves.remove_caption(key, file)
        except Unavailable as error:
            log.warning("a file of captions is left over", cause=repr(error))


def named(language: str, label: str, *, automatic: bool = False, mended: bool = False) -> Caption:
    """Return captions under a file's name of their own: none changes under its address, nor comes
    back."""
    file = f"{language.lower()}-{secrets.token_hex(6)}.vtt"
    return Caption(language=language, label=label, file=file, automatic=automatic, mended=mended)


def version_of(caption: Caption) -> str:
    """Return what a version of captions is known by."""
    return caption.file.rpartition("-")[2].removesuffix(".vtt")


def _label(given: str) -> str:
    checked = Checked()
    label = checked.optional_line("label", given, _LONGEST_LABEL)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return label or ""


def _there(video: Video, language: str) -> Caption | None:
    return next((one for one in video.details.captions if is_same(one.language, language)), None)


def _require_version(there: Caption | None, version: str) -> None:
    if version != ("" if there is None else version_of(there)):
        raise Conflict(
            "Somebody changed these captions meanwhile. Please load them anew; yours are not saved."
        )


def _gives_way(there: Caption, caption: Caption) -> bool:
    """Tell whether a model wrote in that language what somebody writes now."""
    same = base_of(there.language) == base_of(caption.language)
    return there.automatic and same and not is_same(there.language, caption.language)


def _require_no_cut(video: Video) -> None:
    """Raise Conflict while a film is cut: what is written now would stand at its old seconds."""
    redo = video.details.redo
    if redo is not None and not redo.source:
        raise Conflict("This film is being cut. Please change its captions once that is done.")
