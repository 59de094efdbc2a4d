"""What automatic captions spend: a voice reads, and the packaged model writes down what it hears.

In processor seconds for each minute of speech, sandbox and loading of the model included.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from bench.videos import films
from bench.videos.processor import adopting_orphans, processor_s
from quadrangle.machine.videos.speech.recognizer import SandboxRecognizer

REPEATED = 5
_SAID = (
    "Today we look at the rotation of rigid bodies. The axis stays where it is, and every point"
    " moves on a circle around it. What we call torque is the force times its distance from the"
    " axis. Please remember that the moment of inertia depends on where the mass is. In the next"
    " lecture we shall see how a gyroscope keeps its direction, and why the earth does too. "
)


def run(rounds: int) -> str:
    """Measure and return a section of the page of results."""
    head = "### Automatic captions\n\n"
    missing = asyncio.run(SandboxRecognizer().lacking())
    if not missing and shutil.which("espeak-ng") is None:
        missing = "There is no voice to listen to: apt install espeak-ng."
    if missing:
        return f"{head}Not measured. {missing}\n"
    with adopting_orphans(), tempfile.TemporaryDirectory(prefix="bench-speech-") as name:
        sound = Path(name) / "speech.m4a"
        seconds = _speak(sound)
        words: list[int] = []

        def hear() -> None:
            words.append(len(asyncio.run(SandboxRecognizer().hear(sound, "en", seconds)).words))

        spent = [processor_s(hear) for _ in range(rounds)]
    rows = [
        ("for each minute of speech", f"{statistics.median(spent) / seconds * 60:.1f} CPU-s"),
        ("length of the speech", f"{seconds / 60:.1f} min"),
        ("words said, heard", f"{REPEATED * len(_SAID.split()):,}, {words[-1]:,}"),
    ]
    return head + "| | |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in rows)


def _speak(sound: Path) -> float:
    """Write speech to a file as renditions have it; return its length in seconds."""
    wave = sound.with_suffix(".wav")
    voice = ["espeak-ng", "-v", "en-gb", "-s", "140", "-w", str(wave), _SAID * REPEATED]
    subprocess.run(voice, check=True)
    films.ffmpeg(["-i", str(wave), "-c:a", "aac", str(sound)])
    asked = ["ffprobe", "-v", "error", "-of", "json", "-show_entries", "format=duration"]
    done = subprocess.run([*asked, str(sound)], check=True, capture_output=True)
    return float(json.loads(done.stdout)["format"]["duration"])
