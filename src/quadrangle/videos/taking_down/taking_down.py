"""Staff hides or deletes a video of somebody else."""

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal, require_staff
from quadrangle.kernel.text import Checked
from quadrangle.videos import rules
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Video, Visibility
from quadrangle.videos.ports import VideoStore

TAKEN_DOWN = "video.taken-down"
LONGEST_REASON = 1_000
_TRIES = 5


class TakingDown:
    """For staff, who see the video: all may raise NotSignedIn, Forbidden, NotFound."""

    def __init__(self, gallery: Gallery, store: VideoStore, clock: Clock) -> None:
        self._gallery = gallery
        self._store = store
        self._clock = clock

    async def hide(self, video_id: int, reason: str, who: Principal, key: str | None) -> None:
        """Make a video private; its owner is told why. Raises InvalidInput, Conflict."""
        reason = _reason(reason, who)
        for tries_left in reversed(range(_TRIES)):
            video = (await self._gallery.seen(video_id, who, key)).video
            now = self._clock.now()
            private = rules.VideoEdit(visibility=Visibility.PRIVATE)
            hidden, changed = rules.edited(video, private, now, who)
            facts = [changed, self._fact(video, reason, who, deleted=False)]
            try:
                await self._store.save(hidden, facts, now, None)
            except Conflict:  # saved by somebody else in between
                if not tries_left:
                    raise
            else:
                return

    async def delete(self, video_id: int, reason: str, who: Principal, key: str | None) -> None:
        """Delete a video with all its files; its owner is told why. Raises InvalidInput."""
        reason = _reason(reason, who)
        video = (await self._gallery.seen(video_id, who, key)).video
        await self._gallery.remove(video, who, self._fact(video, reason, who, deleted=True))

    def _fact(self, video: Video, reason: str, who: Principal, *, deleted: bool) -> Change:
        """The video may be gone when its owner is written to."""
        data: dict[str, object] = {
            "reason": reason,
            "deleted": deleted,
            "title": video.title,
            "owner": video.user_id,
        }
        return rules.record(TAKEN_DOWN, video, self._clock.now(), who, data)


def _reason(text: str, who: Principal) -> str:
    require_staff(who)
    checked = Checked()
    reason = checked.text("reason", text, LONGEST_REASON)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return reason
