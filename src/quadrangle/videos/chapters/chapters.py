"""Chapters given by whoever may change a video."""

from collections.abc import Sequence

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.principal import Principal
from quadrangle.videos.chapters import rules
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Chapter, Video


class Chapters:
    """What can be done with chapters."""

    def __init__(self, gallery: Gallery, clock: Clock) -> None:
        self._gallery = gallery
        self._clock = clock

    async def put(
        self, video_id: int, chapters: Sequence[Chapter], version: str, who: Principal
    ) -> Video:
        """Have chapters take the place of the version that somebody had before them ("": none).

        Raises InvalidInput, and Conflict when they were changed meanwhile.
        """
        return await self._gallery.saving(
            video_id,
            who,
            lambda video: rules.given(video, chapters, version, self._clock.now(), who),
        )
