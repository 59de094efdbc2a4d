"""What may be done with a film that is there, and what doing it makes of the video."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.videos.editing.span_rules import composed, length
from quadrangle.videos.model import Redo, Spans, Status, Video
from quadrangle.videos.rules import is_owner, record
from quadrangle.videos.uploads.model import Upload

CUT = "video.cut"
REPLACED = "video.replaced"
MOST_PARTS = 50
_FRAME_S = 0.02
SHORTEST_S = 1.0  # of what is left
_BUSY = "This video is being made anew already. Please wait until that is done."


def require_editable(video: Video) -> None:
    """Raise Conflict for a video whose film cannot be made anew now."""
    if video.status is not Status.READY:
        raise Conflict("Only a video that is ready can be edited.")
    if video.details.redo is not None:
        raise Conflict(_BUSY)


def cut(
    video: Video, keep: Sequence[tuple[float, float]], now: datetime, who: Principal
) -> tuple[Video, Change]:
    """Return the video that will show only parts of what it shows now; with none all that was
    uploaded. Raises Conflict, InvalidInput."""
    require_editable(video)
    kept = composed(video.details.kept, _checked(keep, video.duration or 0.0)) if keep else ()
    if keep and length(kept) < SHORTEST_S:
        raise InvalidInput.at("keep", "Please keep at least a second of the film.")
    kept = _none_of_all(kept, video.details.source_s or video.duration or 0.0)
    if kept == video.details.kept:
        raise InvalidInput.at("keep", "This is what the film shows already.")
    return _waiting(video, Redo(kept=kept), now), record(CUT, video, now, who)


def may_replace(video: Video, upload: Upload) -> bool:
    """Tell whether an upload may take the place of a video's film."""
    whose = Principal(upload.owner_name, account_id=upload.user_id)
    return is_owner(video, whose) and video.status is Status.READY and video.details.redo is None


def replaced(video: Video, upload: Upload, now: datetime) -> tuple[Video, Change]:
    """Return the video that will show another upload."""
    redo = Redo(source=upload.upload_id, size=upload.size, filename=upload.filename)
    who = Principal(upload.owner_name, account_id=upload.user_id)
    return _waiting(video, redo, now), record(REPLACED, video, now, who, {"bytes": upload.size})


def _waiting(video: Video, redo: Redo, now: datetime) -> Video:
    details = msgspec.structs.replace(video.details, redo=redo, redo_failure="")
    return msgspec.structs.replace(
        video, details=details, updated_at=to_text(now), version=video.version + 1
    )


def _none_of_all(kept: Spans, whole: float) -> Spans:
    """Return no parts where they are all of the film, but for less than a frame."""
    if len(kept) == 1 and kept[0][0] < _FRAME_S and kept[0][1] > whole - _FRAME_S:
        return ()
    return kept


def _checked(keep: Sequence[tuple[float, float]], duration: float) -> Spans:
    """Return parts in their order, within the film. Raises InvalidInput."""
    if len(keep) > MOST_PARTS:
        raise InvalidInput.at("keep", f"Please keep at most {MOST_PARTS} parts.")
    at = 0.0
    for first, last in keep:
        if not at <= first < last:
            raise InvalidInput.at(
                "keep", "Parts must follow each other, and each must end after it begins."
            )
        at = last
    # the last frames are a guess of players: what goes on to the end means the end
    return tuple((first, min(last, duration)) for first, last in keep if first < duration)
