"""Staff hides or deletes a video of somebody else, and gives back what was hidden."""

from collections.abc import Callable

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal, require_staff
from quadrangle.kernel.text import Checked
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Video
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.taking_down import rules
from quadrangle.videos.taking_down.ports import TakenDownLog

LONGEST_REASON = 1_000
SHOWN = 100
_TRIES = 5


class TakingDown:
    """For staff, who see the video: all may raise NotSignedIn, Forbidden, NotFound."""

    def __init__(
        self, gallery: Gallery, store: VideoStore, log: TakenDownLog, clock: Clock
    ) -> None:
        self._gallery = gallery
        self._store = store
        self._log = log
        self._clock = clock

    async def all_hidden(self, who: Principal) -> tuple[list[Video], int]:
        """Return what is hidden, the latest first and no more than SHOWN, and how many there are
        in all. Raises NotSignedIn, Forbidden, Unavailable."""
        require_staff(who)
        return await self._log.taken_down(SHOWN)

    async def hide(self, video_id: int, reason: str, who: Principal, key: str | None) -> None:
        """Have nobody see a video but its owner, who is told why, and staff. Raises InvalidInput,
        Conflict."""
        reason = _reason(reason, who)
        await self._saving(
            video_id, who, key, lambda video: rules.hidden(video, reason, self._clock.now(), who)
        )

    async def give_back(self, video_id: int, who: Principal) -> Video:
        """Have a video be seen by whom it was before it was hidden, unless its owner made it
        private since. Raises Conflict for one that is not hidden."""
        require_staff(who)
        return await self._saving(
            video_id, who, None, lambda video: rules.given_back(video, self._clock.now(), who)
        )

    async def delete(self, video_id: int, reason: str, who: Principal, key: str | None) -> None:
        """Delete a video with all its files; its owner is told why. Raises InvalidInput."""
        reason = _reason(reason, who)
        video = (await self._gallery.seen(video_id, who, key)).video
        fact = rules.told(video, reason, self._clock.now(), who, deleted=True)
        await self._gallery.remove(video, who, fact)

    async def _saving(
        self,
        video_id: int,
        who: Principal,
        key: str | None,
        change: Callable[[Video], tuple[Video, Change]],
    ) -> Video:
        for tries_left in reversed(range(_TRIES)):
            video, fact = change((await self._gallery.seen(video_id, who, key)).video)
            try:
                await self._store.save(video, [fact], self._clock.now(), None)
            except Conflict:  # saved by somebody else in between
                if not tries_left:
                    raise
            else:
                return video
        raise AssertionError("the last try returns or raises")


def _reason(text: str, who: Principal) -> str:
    require_staff(who)
    checked = Checked()
    reason = checked.text("reason", text, LONGEST_REASON)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return reason
