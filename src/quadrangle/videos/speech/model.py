"""What is heard of speech, and what somebody wants to be heard."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """How far automatic captions are that are not there yet."""

    WAITING = "waiting"
    WORKING = "working"
    FAILED = "failed"


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    """Automatic captions that are wanted of a video, in the language that is spoken in it.

    `language` is a code, "" to find it out. `failure` is a sentence for the owner. `asked` names
    this wish: what is made for an earlier one is void.
    """

    language: str
    asked: str
    state: State = State.WAITING
    failure: str = ""


class Word(msgspec.Struct, frozen=True):
    """A word as it was heard, in seconds from the beginning; `text` begins with a space where a
    new word begins, and ends with the signs after it."""

    start: float
    end: float
    text: str


class Heard(msgspec.Struct, frozen=True):
    """All that was heard, and in which language (a code)."""

    language: str
    words: tuple[Word, ...]


class LostWish(msgspec.Struct, frozen=True):
    """A wish whose job is with the dead letters; `asked` names it as Speech does."""

    video_id: int
    asked: str
