"""The queue of turns as staff sees it."""

import msgspec

from quadrangle.videos.model import Pace, Video


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One video in the queue. `since` is when it came to wait, or failed.

    `tries` counts those begun; `again_at` is when the next one begins where one has failed.
    """

    video: Video
    since: str
    tries: int
    pace: Pace = Pace()
    again_at: str | None = None


class Waiting(msgspec.Struct, frozen=True):
    """One that waits: what whose turn it is follows from. `served` grows with each turn given;
    it is that of its owner's last one, 0 where they had none."""

    seen: Seen
    job_id: int
    served: int


class QueueSeen(msgspec.Struct, frozen=True, kw_only=True):
    """All of it: in their turn, waiting in the order of turns, and failed, the latest first.

    Lists are cut; `waiting_total` and `failed_total` are not.
    """

    slots: int
    running: tuple[Seen, ...]
    waiting: tuple[Seen, ...]
    failed: tuple[Seen, ...]
    waiting_total: int
    failed_total: int
