"""Films made anew from what was uploaded, while those that are there play on."""

from collections.abc import Sequence

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.principal import Principal
from quadrangle.videos.editing import rules
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Video
from quadrangle.videos.ports import Queue


class Editing:
    """What an owner does with the film of a video."""

    def __init__(self, gallery: Gallery, queue: Queue, clock: Clock) -> None:
        self._gallery = gallery
        self._queue = queue
        self._clock = clock

    async def cut(
        self, video_id: int, keep: Sequence[tuple[float, float]], who: Principal
    ) -> Video:
        """Have a video show only parts of what it shows, or with none all that was uploaded: once
        it has had its turn. Raises NotSignedIn, Forbidden, NotFound, InvalidInput, Conflict."""
        now = self._clock.now()
        video, change = rules.cut(await self._gallery.own(video_id, who), keep, now, who)
        await self._queue.again(video, [change], now)
        return video

    async def require_replaceable(self, video_id: int, who: Principal) -> None:
        """Raise why an upload of theirs could not take the place of a film."""
        rules.require_editable(await self._gallery.own(video_id, who))
