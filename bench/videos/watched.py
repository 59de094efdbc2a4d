"""What is measured of one private video that is ready: how it is sent, and how it plays."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.videos import films, playback, segments
from bench.videos.campus import running
from quadrangle.machine.videos.jail import lacking

SEGMENTS_S = 12
PLAYED_S = 120  # more than a browser fetches ahead


def run(cache: Path, rounds: int, seconds: int) -> str:
    """Have two films be processed and measure; return two sections of the page of results."""
    missing = lacking()
    if missing:
        return f"### Watching\n\nNot measured. {missing}\n"
    with tempfile.TemporaryDirectory(dir=cache.resolve(), prefix="watched-") as name:
        folder = Path(name)
        large, long = folder / "large.mp4", folder / "long.mp4"
        films.make(large, group=60, seconds=SEGMENTS_S)
        films.make_plain(long, seconds=PLAYED_S)
        with running(folder) as campus:
            sent = campus.upload(large)
            sections = [segments.run(campus, sent, folder, rounds, seconds)]
            played = campus.upload(long)
            sections.append(playback.run(campus, played, PLAYED_S))
        return "\n".join(sections)
