"""Offers changed by owners, and asked for by whoever holds a player."""

from collections.abc import Sequence

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import PasswordRequired, QuadrangleError
from quadrangle.kernel.jobs import Jobs, NewJob
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.jobs import JOIN
from quadrangle.videos.model import Download, Video
from quadrangle.videos.offering import rules


class Offering:
    """`origins` are the pages that the installation lets hold players."""

    def __init__(self, gallery: Gallery, jobs: Jobs, clock: Clock, origins: Sequence[str]) -> None:
        self._gallery = gallery
        self._jobs = jobs
        self._clock = clock
        self.origins = tuple(origins)

    async def change(self, video_id: int, offer: rules.Offer, who: Principal) -> Video:
        """Change what is offered of a video. Raises what Gallery.saving raises, InvalidInput."""
        video = await self._gallery.saving(
            video_id,
            who,
            lambda video: rules.offered(video, offer, self.origins, self._clock.now(), who),
        )
        if video.details.download is Download.FILM:
            await self._jobs.put(NewJob(JOIN, {"videoId": video_id}, name=f"{JOIN}:{video_id}"))
        return video

    async def ancestors(self, video_id: int, key: str | None) -> tuple[str, ...]:
        """Return which pages may hold the player of a video that anybody with this key may see:
        players elsewhere have no sign-in. None for all else, as if there were no such video."""
        try:
            video = await self._gallery.show(video_id, ANYONE, key)
        except PasswordRequired:
            video = await self._gallery.existing(video_id)
        except QuadrangleError:
            return ()
        return rules.ancestors(video, self.origins)
