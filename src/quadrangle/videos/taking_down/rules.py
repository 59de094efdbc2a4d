"""What taking a video down and giving it back do."""

from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import Principal
from quadrangle.videos.model import TakenDown, Video, Visibility
from quadrangle.videos.rules import record

TAKEN_DOWN = "video.taken-down"
GIVEN_BACK = "video.given-back"


def hidden(video: Video, reason: str, now: datetime, who: Principal) -> tuple[Video, Change]:
    """Return the video as nobody but its owner and staff sees it.

    Whatever it was opened by ends, also where it was private: links of its owner's led to it.
    """
    before = video.details.taken_down
    if before is None:
        down = TakenDown(reason=reason, visibility=video.visibility, at=to_text(now))
    else:  # with another reason
        down = msgspec.structs.replace(before, reason=reason)
    details = msgspec.structs.replace(
        video.details,
        taken_down=down,
        grants=video.details.grants + 1,
    )
    moved = msgspec.structs.replace(
        video,
        visibility=Visibility.PRIVATE,
        details=details,
        updated_at=to_text(now),
        version=video.version + 1,
    )
    return moved, told(video, reason, now, who, deleted=False)


def given_back(video: Video, now: datetime, who: Principal) -> tuple[Video, Change]:
    """Return the video for whom it was before it was taken down, or for its owner alone where
    they chose that since. Raises Conflict."""
    down = video.details.taken_down
    if down is None:
        raise Conflict("This video is not taken down.")
    moved = msgspec.structs.replace(
        video,
        visibility=down.visibility,
        details=msgspec.structs.replace(video.details, taken_down=None),
        updated_at=to_text(now),
        version=video.version + 1,
    )
    return moved, record(GIVEN_BACK, video, now, who, _named(video))


def told(video: Video, reason: str, now: datetime, who: Principal, *, deleted: bool) -> Change:
    """Return the change record of taking down: the video may be gone when its owner is told."""
    data = {"reason": reason, "deleted": deleted, **_named(video)}
    return record(TAKEN_DOWN, video, now, who, data)


def _named(video: Video) -> dict[str, object]:
    return {"title": video.title, "owner": video.user_id}
