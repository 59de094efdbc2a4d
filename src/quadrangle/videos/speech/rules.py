"""When a model writes captions, and when its captions are taken."""

from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.videos.captions.language_rules import base_of
from quadrangle.videos.model import Caption, Status, Video
from quadrangle.videos.rules import CHANGED, record
from quadrangle.videos.speech.model import Speech, State

WORN_OUT = "What is said could not be written down: it was tried several times."
BROKE_OFF = (
    "What is said could not be written down: the machine stopped each time. Please try again, or"
    " tell whoever operates it."
)
NOTHING_SAID = "No speech was heard in this video."
UNNAMED = ""  # a language that is to be found out


def has_sound(video: Video) -> bool:
    """Tell whether there is anything to hear."""
    return video.details.media is not None and bool(video.details.media.audio_file)


def wanted(
    video: Video, language: str, asked: str, now: datetime, who: Principal
) -> tuple[Video, Change]:
    """Return the video that a model is to listen to. Raises Conflict where it cannot be."""
    if video.status is not Status.READY:
        raise Conflict("Automatic captions are made once the video is ready.")
    if not has_sound(video):
        raise Conflict("This video has no sound.")
    speech = video.details.speech
    if speech is not None and speech.state is not State.FAILED:
        raise Conflict("Automatic captions are being made already.")
    if written_by_people(video, language):
        raise Conflict(
            "There are captions in this language. Delete them first to have others made."
        )
    return _with(video, Speech(language=language, asked=asked), now), _record(video, now, who)


def needs_no_wish(video: Video, language: str) -> bool:
    """Tell whether a video that became ready is listened to without being asked for."""
    there = {base_of(each.language) for each in video.details.captions}
    named = base_of(language)
    has_some = bool(there) if named == UNNAMED else named in there
    return (
        video.status is Status.READY
        and has_sound(video)
        and video.details.speech is None
        and not has_some
    )


def written_by_people(video: Video, language: str) -> bool:
    """Tell whether somebody gave captions of a language, which win over a model's."""
    return any(
        not each.automatic and base_of(each.language) == base_of(language)
        for each in video.details.captions
    )


def given_up(video: Video, now: datetime, who: Principal) -> tuple[Video, Change]:
    """Return the video that nobody listens to any more. Raises NotFound when nobody did."""
    if video.details.speech is None:
        raise NotFound("No automatic captions are being made.")
    return _with(video, None, now), _record(video, now, who)


def began(video: Video, now: datetime) -> Video:
    """Return the video that a model listens to now."""
    assert video.details.speech is not None
    return _with(video, msgspec.structs.replace(video.details.speech, state=State.WORKING), now)


def failed(video: Video, sentence: str, now: datetime) -> Video:
    """Return the video whose owner is told why nothing was written."""
    assert video.details.speech is not None
    speech = msgspec.structs.replace(video.details.speech, state=State.FAILED, failure=sentence)
    return _with(video, speech, now)


def written(video: Video, caption: Caption, now: datetime) -> tuple[Video, Change]:
    """Return the video with what a model wrote, in place of what one wrote before."""
    base = base_of(caption.language)
    others = [
        each
        for each in video.details.captions
        if not each.automatic or base_of(each.language) != base
    ]
    details = msgspec.structs.replace(video.details, captions=(*others, caption), speech=None)
    moved = msgspec.structs.replace(_with(video, None, now), details=details)
    return moved, record(CHANGED, video, now, SYSTEM, {"fields": ["captions"]})


def _with(video: Video, speech: Speech | None, now: datetime) -> Video:
    return msgspec.structs.replace(
        video,
        details=msgspec.structs.replace(video.details, speech=speech),
        updated_at=to_text(now),
        version=video.version + 1,
    )


def _record(video: Video, now: datetime, who: Principal) -> Change:
    return record(CHANGED, video, now, who, {"fields": ["speech"]})
