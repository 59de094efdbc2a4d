"""Where people stopped, noted and told to themselves."""

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import InvalidInput, NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.resuming.model import Position
from quadrangle.videos.resuming.ports import PositionStore
from quadrangle.videos.rules import require_account

LONGEST_S = 1_000 * 3_600
MOST_TOLD = 200
_BEYOND_S = 5.0  # players measure films otherwise than those who made them
_OUTSIDE = "Please give a second within the video."


class Resuming:
    """For whoever has an account: all may raise NotSignedIn, Forbidden, Unavailable."""

    def __init__(self, gallery: Gallery, store: PositionStore, clock: Clock) -> None:
        self._gallery = gallery
        self._store = store
        self._clock = clock

    async def note(
        self, video_id: int, at: float, of: float, who: Principal, key: str | None
    ) -> Position:
        """Note for somebody alone where they are in a video that they may see, in seconds. Raises
        InvalidInput, NotFound."""
        account_id = require_account(who)
        if not 0 <= at <= of <= LONGEST_S or of == 0:
            raise InvalidInput.at("at", _OUTSIDE)
        length = (await self._gallery.seen(video_id, who, key)).video.duration
        if length is not None and at > length + _BEYOND_S:
            raise InvalidInput.at("at", _OUTSIDE)
        position = Position(video_id, at, of, to_text(self._clock.now()))
        if not await self._store.put(account_id, position):
            raise NotFound("Video not found")
        return position

    async def of(self, video_id: int, who: Principal, key: str | None) -> Position | None:
        """Return where somebody stopped in a video that they may see. Raises NotFound."""
        account_id = require_account(who)
        await self._gallery.seen(video_id, who, key)
        return await self._store.get(account_id, video_id)

    async def latest(self, who: Principal) -> list[Position]:
        """Return where somebody stopped in the videos they watched last."""
        return await self._store.latest(require_account(who), MOST_TOLD)
