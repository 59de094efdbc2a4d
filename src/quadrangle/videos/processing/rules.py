"""What becomes of a video in its turn."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.videos.model import Pace, Status, Video
from quadrangle.videos.processing.model import Probe, Rendered
from quadrangle.videos.rules import FAILED, READY, REDO_FAILED, RETRIED, record

WORN_OUT = (
    "This video could not be processed: it was tried several times. You can have it tried again."
)
_TOLD_EVERY_S = 2.0


class HowFar(msgspec.Struct, frozen=True):
    """Progress for people: `percent` of all, `seconds_left` None until that can be told."""

    percent: int
    seconds_left: int | None
    playable: bool


def ready(
    video: Video, probe: Probe, rendered: Rendered, folder: str, now: datetime
) -> tuple[Video, Sequence[Change]]:
    """Return the video that can be watched, or the film that takes the place of another."""
    shape = f"{probe.width}x{probe.height}" if probe.width and probe.height else None
    details = msgspec.structs.replace(
        video.details,
        folder=folder,
        media=rendered,
        failure="",
        may_pass=False,
        notice=rendered.notice,
        source_s=round(probe.duration, 3),
        **_redone(video),
    )
    made = msgspec.structs.replace(
        video,
        status=Status.READY,
        file_size=_size(video),
        duration=round(rendered.duration, 3),
        resolution=shape,
        video_codec=probe.video_codec or None,
        audio_codec=probe.audio_codec or None,
        details=details,
        updated_at=to_text(now),
        version=video.version + 1,
    )
    return made, [record(READY, video, now, SYSTEM, {"seconds": made.duration})]


def _redone(video: Video) -> dict[str, object]:
    """Return what a film that takes another's place changes besides: addresses of the earlier one
    end, as their playlists tell of other segments."""
    redo, before = video.details.redo, video.details
    if redo is None:
        return {}
    return {
        "redo": None,
        "redo_failure": "",
        "kept": redo.kept,
        "source": redo.source or before.source,
        "filename": redo.filename if redo.source else before.filename,
        "grants": before.grants + 1,
    }


def _size(video: Video) -> int:
    redo = video.details.redo
    return redo.size if redo is not None and redo.source else video.file_size


def failed(
    video: Video, sentence: str, now: datetime, *, may_pass: bool
) -> tuple[Video, Sequence[Change]]:
    """Return the video whose owner is told why it cannot be watched; one that was made anew plays
    on as it was."""
    if video.details.redo is not None:
        return _not_redone(video, sentence, now)
    details = msgspec.structs.replace(
        video.details, folder="", media=None, failure=sentence, may_pass=may_pass
    )
    made = msgspec.structs.replace(
        video,
        status=Status.FAILED,
        details=details,
        updated_at=to_text(now),
        version=video.version + 1,
    )
    return made, [record(FAILED, video, now, SYSTEM, {"mayPass": may_pass})]


def _not_redone(video: Video, sentence: str, now: datetime) -> tuple[Video, Sequence[Change]]:
    details = msgspec.structs.replace(video.details, redo=None, redo_failure=sentence)
    made = msgspec.structs.replace(
        video, details=details, updated_at=to_text(now), version=video.version + 1
    )
    return made, [record(REDO_FAILED, video, now, SYSTEM)]


def again(video: Video, now: datetime, who: Principal) -> tuple[Video, Sequence[Change]]:
    """Return a video that failed, waiting once more."""
    details = msgspec.structs.replace(video.details, failure="", may_pass=False)
    made = msgspec.structs.replace(
        video,
        status=Status.UPLOADED,
        details=details,
        updated_at=to_text(now),
        version=video.version + 1,
    )
    return made, [record(RETRIED, video, now, who)]


def is_due(last: Pace, now: datetime) -> bool:
    """Tell whether it is time to say how far it is."""
    return (now - from_text(last.told_at)).total_seconds() >= _TOLD_EVERY_S


def how_far(pace: Pace, *, playable: bool) -> HowFar:
    """Return what people are told: by what was done since the beginning."""
    if pace.total_s <= 0:
        return HowFar(0, None, playable)
    share = min(1.0, max(0.0, pace.done_s / pace.total_s))
    left = None
    if share > 0.01 and pace.began_at and pace.told_at:
        took = (from_text(pace.told_at) - from_text(pace.began_at)).total_seconds()
        left = round(took * (1 - share) / share)
    return HowFar(min(99, int(share * 100)), left, playable)
