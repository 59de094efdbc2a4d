"""Shapes of what is said about words in videos: captions, and those that a model makes."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from quadrangle.videos.captions.captions import CueEdit, version_of
from quadrangle.videos.captions.cue_rules import Cue
from quadrangle.videos.captions.language_rules import CODE_OR_NONE
from quadrangle.videos.captions.passage_rules import typed
from quadrangle.videos.gallery.search_words import marked
from quadrangle.videos.http.wire import CaptionBody, MomentBody, PartBody
from quadrangle.videos.model import Caption, Moment, Video
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

    language: Annotated[str, Meta(pattern=CODE_OR_NONE)] = ""


class CueBody(msgspec.Struct):
    """A line and when it is shown, in seconds. `text` may hold <b>, <i> and <u>; `settings` say
    where it is shown, as WebVTT does."""

    start: float
    end: float
    text: str
    settings: str = ""


class CuesBody(msgspec.Struct, kw_only=True):
    language: str
    label: str
    automatic: bool
    mended: bool
    version: str
    cues: list[CueBody]


class GivenCue(msgspec.Struct):
    start: Annotated[float, Meta(ge=0, le=360_000)]
    end: Annotated[float, Meta(ge=0, le=360_000)]
    text: Annotated[str, Meta(max_length=2000)]
    settings: Annotated[str, Meta(max_length=200)] = ""


class CueEditBody(msgspec.Struct):
    """`version` is that of the lines that these take the place of; "" where there were none."""

    version: Annotated[str, Meta(max_length=40)]
    cues: Annotated[list[GivenCue], Meta(max_length=20_000)]
    label: Annotated[str, Meta(max_length=400)] = ""


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


def cues_body(caption: Caption, cues: Sequence[Cue]) -> CuesBody:
    return CuesBody(
        language=caption.language,
        label=caption.label,
        automatic=caption.by_program,
        mended=caption.mended,
        version=version_of(caption),
        cues=[
            CueBody(cue.start / 1000, cue.end / 1000, typed(cue.text), cue.settings) for cue in cues
        ],
    )


def cue_edit(body: CueEditBody) -> CueEdit:
    cues = [
        Cue(round(cue.start * 1000), round(cue.end * 1000), cue.text, cue.settings)
        for cue in body.cues
    ]
    return CueEdit(version=body.version, cues=cues, label=body.label)


def moment_body(moment: Moment, words: tuple[str, ...]) -> MomentBody:
    parts = [PartBody(text, found) for text, found in marked(moment.text, words)]
    return MomentBody(moment.start / 1000, moment.language, parts)
