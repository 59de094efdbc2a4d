"""Films that are as much work as those of people."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make(path: Path, group: int, seconds: int) -> None:
    """A picture with as much to code as one from a camera: it moves everywhere, with grain.

    It is 1080p30, with an IDR picture every `group` pictures; with 60 its top can be copied.
    """
    source = ["-f", "lavfi", "-i", "mandelbrot=s=1920x1080:r=30:maxiter=200"]
    sound = ["-f", "lavfi", "-i", "sine=440"]
    coding = ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p"]
    rate = [
        *("-b:v", "5M", "-maxrate", "6M", "-bufsize", "6M"),
        *("-g", str(group), "-sc_threshold", "0"),
    ]
    grain = ["-vf", "noise=alls=4:allf=t", "-t", str(seconds)]
    ffmpeg([*source, *sound, *grain, *coding, *rate, "-c:a", "aac", str(path)])


def make_plain(path: Path, seconds: int) -> None:
    """A film of two qualities that is little work to make."""
    source = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i", "sine=330"]
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    ffmpeg([*source, "-t", str(seconds), *coding, str(path)])


def ffmpeg(arguments: list[str]) -> None:
    """Run it to its end."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments], check=True)
