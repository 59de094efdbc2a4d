"""What automatic captions need from whatever hears speech."""

from pathlib import Path
from typing import Protocol

from quadrangle.videos.speech.model import Heard, LostWish


class Recognizer(Protocol):
    """Writes down what is said in a film's sound, where its bytes can harm nothing."""

    async def lacking(self) -> str:
        """Return "" where all is there, else one line that says how to get it."""
        ...

    async def languages(self) -> tuple[str, ...] | None:
        """Return the codes of what it understands; None for any language."""
        ...

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        """Write down a rendition's sound of so many seconds; `language` "" finds it out.

        Ends every program it started before it returns, raises or lets a cancellation through.
        Raises kernel.errors.Unavailable for what may go well another time.
        """
        ...


class Wishes(Protocol):
    """Knows which captions are wanted. Raises Unavailable."""

    async def lost(self) -> list[LostWish]:
        """Return those that nobody works on any more, though their owners wait for them."""
        ...
