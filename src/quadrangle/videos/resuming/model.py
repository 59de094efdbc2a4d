"""Where somebody stopped."""

import msgspec


class Position(msgspec.Struct, frozen=True):
    """At which second of `of` somebody stopped watching a video, and when that was noted."""

    video_id: int
    at: float
    of: float
    noted_at: str
