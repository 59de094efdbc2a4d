"""The ladder of a video: ours, sandbox, looks before and pictures after included, beside the bare
command that does it in one pass, and one command for each rendition, as most do.

In processor seconds, which other work on the machine changes less than those of a clock.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.videos import films
from bench.videos.processor import adopting_orphans, most_memory, processor_s
from quadrangle.machine.videos.jail import lacking
from quadrangle.machine.videos.transcoder import SandboxTranscoder
from quadrangle.videos.processing.ports import Plan, Progress

ROUNDS = 3
SECONDS = 10
AIM_ONE_PASS, AIM_EACH, AIM_COPIED = 1.05, 0.75, 0.45
_RUNGS = (
    (1920, 1080, 4_800_000),
    (1280, 720, 2_800_000),
    (854, 480, 1_400_000),
    (640, 360, 800_000),
    (426, 240, 420_000),
)
_LOUDNESS = (
    "aformat=channel_layouts=stereo,loudnorm=I=-16:TP=-1.5:LRA=11,"
    "aresample=48000,aformat=sample_fmts=fltp"
)


def run() -> str:
    """Measure, by turns, and return a section of the page of results."""
    missing = lacking()
    if missing:
        return f"### The ladder\n\nNot measured. {missing}\n"
    with adopting_orphans(), tempfile.TemporaryDirectory(prefix="bench-videos-") as name:
        return _page(Path(name))


def _page(folder: Path) -> str:
    plain, fits = folder / "plain.mp4", folder / "fits.mp4"
    films.make(plain, group=250, seconds=SECONDS)
    films.make(fits, group=60, seconds=SECONDS)
    playable: list[float] = []
    ways: dict[str, Callable[[Path], object]] = {
        "ours": lambda out: playable.append(asyncio.run(_ours(plain, out))),
        "one pass": lambda out: _one_pass(plain, out),
        "each": lambda out: _each(plain, out),
        "ours, top copied": lambda out: asyncio.run(_ours(fits, out)),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS):
        for name, way in ways.items():
            out = folder / f"{number}-{name.replace(' ', '-')}"
            out.mkdir()
            spent[name].append(processor_s(lambda way=way, out=out: way(out)))
            shutil.rmtree(out)

    def ratio(ours: str, theirs: str) -> str:
        pairs = zip(spent[ours], spent[theirs], strict=True)
        return f"{statistics.median(a / b for a, b in pairs):.2f} ×"

    def cost(name: str) -> str:
        return f"{statistics.median(spent[name]) / SECONDS:.2f} CPU-s"

    rows = [
        ("ours, for each second of 1080p30 in five rungs and sound", cost("ours")),
        ("the bare command in one pass", cost("one pass")),
        ("one command for each rendition", cost("each")),
        ("ours with the top copied", cost("ours, top copied")),
        (f"ours of one pass (aim: at most {AIM_ONE_PASS} ×)", ratio("ours", "one pass")),
        (f"ours of one for each (aim: at most {AIM_EACH} ×)", ratio("ours", "each")),
        (f"with the top copied (aim: at most {AIM_COPIED} ×)", ratio("ours, top copied", "each")),
        ("first playable second, from the last byte on", f"{statistics.median(playable):.1f} s"),
        ("most memory of one program", f"{most_memory() / 1024:.0f} MiB"),
    ]
    return "### The ladder\n\n| | |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in rows)


async def _ours(path: Path, out: Path) -> float:
    """Return after how many seconds the first could be played."""
    transcoder = SandboxTranscoder()
    began = time.monotonic()
    first: list[float] = []

    async def told(progress: Progress) -> None:
        if progress.playable and not first:
            first.append(time.monotonic() - began)

    plan = Plan(probe=await transcoder.probe(path))
    await transcoder.transcode(path, out, plan, told)
    return first[0]


def _one_pass(path: Path, out: Path) -> None:
    names = [f"[v{number}]" for number in range(len(_RUNGS))]
    scales = [
        f"[s{number}]scale={width}:{height}{name}"
        for number, ((width, height, _), name) in enumerate(zip(_RUNGS, names, strict=True))
    ]
    inputs = "".join(f"[s{number}]" for number in range(len(_RUNGS)))
    graph = ";".join([f"[0:v]split={len(_RUNGS)}{inputs}", *scales, f"[0:a]{_LOUDNESS}[a]"])
    outputs = [
        part
        for name, (_, height, bits) in zip(names, _RUNGS, strict=True)
        for part in (*("-map", name), *_coding(bits), *_into(out / str(height)))
    ]
    sound = ["-map", "[a]", "-c:a", "aac", "-b:a", "128k", *_into(out / "sound")]
    films.ffmpeg(["-i", str(path), "-filter_complex", graph, *outputs, *sound])


def _each(path: Path, out: Path) -> None:
    for width, height, bits in _RUNGS:
        scale = ["-an", "-vf", f"scale={width}:{height}", *_coding(bits)]
        films.ffmpeg(["-i", str(path), *scale, *_into(out / str(height))])
    sound = ["-vn", "-af", _LOUDNESS, "-c:a", "aac", "-b:a", "128k", *_into(out / "sound")]
    films.ffmpeg(["-i", str(path), *sound])


def _coding(bits: int) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", str(bits)),
        *("-bufsize", str(bits), "-pix_fmt", "yuv420p", "-g", "60", "-sc_threshold", "0"),
    ]


def _into(folder: Path) -> list[str]:
    folder.mkdir()
    return [
        *("-f", "hls", "-hls_time", "4", "-hls_playlist_type", "event"),
        *("-hls_segment_type", "fmp4", "-hls_segment_filename", str(folder / "%05d.m4s")),
        str(folder / "index.m3u8"),
    ]


if __name__ == "__main__":
    print(run())
