"""What becomes of videos and courses on AWS when an account is closed.

The function that follows changes knows the names alone: it has no database library.
"""

from typing import TYPE_CHECKING

from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.lazily import lazily
from quadrangle.videos.courses.reactions import CourseReactions
from quadrangle.videos.reactions import VideoReactions

if TYPE_CHECKING:
    from quadrangle.hosts.shared.cloud_videos import CloudVideos


def video_reactions(parts: FunctionParts, cloud: "CloudVideos | None" = None) -> list[Reaction]:
    """Return them; `cloud` is what a function of videos has already."""
    there = lazily(lambda: cloud or _cloud(parts))
    of_videos = VideoReactions(
        lazily(lambda: there.store),
        lazily(lambda: there.uploads),
        lazily(lambda: there.shared_links),
        lazily(lambda: there.sharing),
        parts.clock,
    )
    return [*of_videos.all(), *CourseReactions(lazily(lambda: there.courses), parts.clock).all()]


def _cloud(parts: FunctionParts) -> "CloudVideos":
    from quadrangle.hosts.lambdas.videos.parts import cloud_videos

    return cloud_videos(parts)
