"""The queue seen by staff, and failed videos given another turn."""

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.principal import Principal, require_staff
from quadrangle.videos import rules
from quadrangle.videos.model import Status, Video
from quadrangle.videos.oversight.model import QueueSeen
from quadrangle.videos.oversight.ports import QueueLog
from quadrangle.videos.oversight.rules import turn_order
from quadrangle.videos.ports import Queue, VideoStore
from quadrangle.videos.processing import rules as processing

SHOWN = 100  # of those that wait, and of those that failed
_AT_ONCE = 1000  # waiting ones whose order is told


class Oversight:
    """For staff. Raises NotSignedIn, Forbidden, Unavailable."""

    def __init__(
        self, log: QueueLog, store: VideoStore, queue: Queue, slots: int, clock: Clock
    ) -> None:
        self._log = log
        self._store = store
        self._queue = queue
        self._slots = slots
        self._clock = clock

    async def look(self, who: Principal) -> QueueSeen:
        """Return what is made, what waits and what failed."""
        require_staff(who)
        waiting, waiting_total = await self._log.waiting(_AT_ONCE)
        failed, failed_total = await self._log.failed(SHOWN)
        return QueueSeen(
            slots=self._slots,
            running=tuple(await self._log.running()),
            waiting=tuple(turn_order(waiting)[:SHOWN]),
            failed=tuple(failed),
            waiting_total=waiting_total,
            failed_total=failed_total,
        )

    def may_read(self, video: Video, who: Principal) -> bool:
        """Tell whether staff may know what a video is about: not by being staff."""
        return rules.may_see(video, who, self._clock.now(), has_link=False)

    async def retry(self, video_id: int, who: Principal) -> None:
        """Have a video that failed wait for a turn once more, whatever it failed for: programs may
        have been mended. Raises NotFound, and Conflict for one that did not fail."""
        require_staff(who)
        video = await self._store.get(video_id)
        if video is None:
            raise NotFound("Video not found")
        if video.status is not Status.FAILED:
            raise Conflict("This video has not failed, or it is tried again already.")
        await self._again(video, who)

    async def retry_all(self, who: Principal) -> int:
        """Have all wait once more that failed for a reason that may pass; return how many."""
        require_staff(who)
        failed, _ = await self._log.failed(_AT_ONCE)
        tried = 0
        for each in failed:
            if each.video.details.may_pass:
                try:
                    await self._again(each.video, who)
                except Conflict:  # its owner was quicker
                    continue
                tried += 1
        return tried

    async def _again(self, video: Video, who: Principal) -> None:
        now = self._clock.now()
        again, changes = processing.again(video, now, who)
        await self._queue.again(again, changes, now)
