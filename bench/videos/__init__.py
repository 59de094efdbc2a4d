"""What videos cost: a section for each of their parts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bench.videos import ladder, lists, speech, uploads, watched


def run(cache: Path, rounds: int, seconds: int) -> str:
    """Measure the parts, one after another, and return the page of results."""
    parts: dict[str, Callable[[], str]] = {
        # these two reap every program that ends: nothing else has run before them
        "ladder": ladder.run,
        "speech": lambda: speech.run(rounds),
        "segments, and playing in a browser": lambda: watched.run(cache, rounds, seconds),
        "uploads": lambda: uploads.run(cache, rounds),
        "lists": lambda: lists.run(cache, rounds),
    }
    sections = []
    for name, part in parts.items():
        print(f"videos: {name}", file=sys.stderr)
        sections.append(part())
    return "\n".join(sections)
