"""Shapes of what is said about words in videos: captions, and those that a model makes."""

import msgspec
from msgspec import UNSET, UnsetType

from quadrangle.videos.http.wire import CaptionBody
from quadrangle.videos.model import Video
from quadrangle.videos.speech.asking import Offer
from quadrangle.videos.speech.model import State


class SpeechBody(msgspec.Struct):
    """Automatic captions: what can be had (`refusal` null, `languages` null for all), and how far
    those are that were asked for (`state` null where there are none)."""

    refusal: str | None
    languages: list[str] | None
    usual: str | None
    language: str | None
    state: State | None
    failure: str | None


class SpeechWish(msgspec.Struct):
    """The language that is spoken: a code; without it what the installation takes usually."""

    language: str = ""


class CaptionList(msgspec.Struct):
    captions: list[CaptionBody]
    speech: SpeechBody | UnsetType = UNSET


def speech_body(video: Video, offer: Offer, usual: str) -> SpeechBody:
    speech = video.details.speech
    return SpeechBody(
        refusal=offer.refusal or None,
        languages=None if offer.languages is None else list(offer.languages),
        usual=usual or None,
        language=(speech.language or None) if speech else None,
        state=speech.state if speech else None,
        failure=(speech.failure or None) if speech else None,
    )
