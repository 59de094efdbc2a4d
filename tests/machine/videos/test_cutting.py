"""Parts of a film made without the rest: the right pictures with the right sound."""

import array
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.machine.videos.conftest import Studio
from tests.machine.videos.hls import decoded_frames, require_conformance

RATE = 25


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 s whose pictures get brighter second by second, and whose sound gets higher with them."""
    path = tmp_path_factory.mktemp("counted") / "counted.mp4"
    picture = f"nullsrc=s=320x180:r={RATE}:d=20,geq=lum='20+10*floor(T)':cb=128:cr=128"
    sound = "aevalsrc='0.3*sin(2*PI*(300+100*floor(t))*t)':s=48000:d=20"
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", picture),
            *("-f", "lavfi", "-i", sound, "-c:v", "libx264", "-preset", "ultrafast"),
            *("-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", str(path)),
        ],
        check=True,
    )
    return path


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


def brightness(folder: Path, second: float) -> float:
    """Return how bright the picture is at a second of the best rung."""
    command = [
        *("ffmpeg", "-v", "error", "-i", folder / "master.m3u8", "-ss", str(second)),
        *("-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"),
    ]
    shown = subprocess.run(command, check=True, capture_output=True).stdout
    return sum(shown) / len(shown)


def pitch(folder: Path, second: float) -> float:
    """Return the pitch of a plain tone around a second of the sound."""
    command = [
        *("ffmpeg", "-v", "error", "-ss", str(second - 0.2), "-t", "0.4"),
        *("-i", folder / "audio.m4a", "-f", "f32le", "-ac", "1", "-ar", "8000", "-"),
    ]
    heard = subprocess.run(command, check=True, capture_output=True).stdout
    wave = array.array("f", heard)
    rises = sum(before < 0 <= after for before, after in pairwise(wave))
    return rises * 8000 / len(wave)


def full(level: float) -> float:
    """Return a level of the limited range as a picture of the full range has it."""
    return (level - 16) * 255 / 219


async def test_the_ends_are_trimmed_and_a_part_is_cut_out(studio: Studio, counted: Path):
    kept = ((2.0, 6.0), (9.0, 13.0))
    folder, rendered = await studio.render(counted, heights=(240,), kept=kept)
    film = require_conformance(folder)
    assert rendered.duration == pytest.approx(8.0, abs=0.05)
    assert decoded_frames(film.variants[0].rendition) == 8 * RATE
    assert film.sound is not None
    assert abs(film.sound.end - film.variants[0].rendition.end) < 0.1
    for shown, second in ((0.5, 2), (3.5, 5), (4.5, 9), (7.5, 12)):
        assert brightness(folder, shown) == pytest.approx(full(20 + 10 * second), abs=4), shown
        assert pitch(folder, shown) == pytest.approx(300 + 100 * second, abs=15), shown


async def test_a_picture_that_ends_before_its_sound_stands_in_what_is_kept(
    studio: Studio, tmp_path: Path, counted: Path
):
    path = tmp_path / "short.mp4"
    command = [
        *("ffmpeg", "-v", "error", "-y", "-t", "6", "-i", counted, "-i", counted),
        *("-map", "0:v", "-map", "1:a", "-c", "copy", str(path)),
    ]
    run(*command)
    folder, rendered = await studio.render(path, heights=(240,), kept=((4.0, 5.0), (8.0, 12.0)))
    require_conformance(folder)
    assert rendered.duration == pytest.approx(5.0, abs=0.05)
    assert pitch(folder, 4.5) == pytest.approx(300 + 100 * 11, abs=15)


async def test_sound_alone_is_cut_too(studio: Studio, tmp_path: Path, counted: Path):
    path = tmp_path / "talk.m4a"
    run("ffmpeg", "-v", "error", "-y", "-i", counted, "-vn", "-c", "copy", path)
    folder, rendered = await studio.render(path, kept=((10.0, 14.0),))
    assert rendered.duration == pytest.approx(4.0, abs=0.1)
    assert pitch(folder, 1.5) == pytest.approx(300 + 100 * 11, abs=15)


@pytest.mark.deep
async def test_what_could_be_copied_is_coded_anew_where_it_is_cut(studio: Studio):
    folder, rendered = await studio.render("fit.mp4", heights=(1080, 240), kept=((1.3, 4.1),))
    require_conformance(folder)
    assert rendered.duration == pytest.approx(2.8, abs=0.05)
