"""What people's devices make comes out right, or is refused clearly."""

import subprocess

import pytest

from tests.machine.videos.conftest import Studio
from tests.machine.videos.hls import decoded_frames, require_conformance


async def test_a_browsers_recording_without_duration(studio: Studio):
    folder, rendered = await studio.render("live.webm", heights=(240,))

    film = require_conformance(folder)
    assert abs(rendered.duration - 12) < 0.1
    assert film.sound is not None
    assert abs(film.sound.end - film.variants[0].rendition.end) < 0.1


async def test_a_turned_clip_stands_upright(studio: Studio):
    folder, rendered = await studio.render("rot.mp4")

    require_conformance(folder)
    assert [(rung.name, rung.width, rung.height) for rung in rendered.rungs] == [
        ("360p", 360, 640),
        ("240p", 240, 426),
    ]
    assert size_of(folder / rendered.poster) == (360, 640)
    assert bright_end(folder / rendered.poster) == "top"


async def test_odd_sizes_of_full_colour_become_even(studio: Studio):
    folder, rendered = await studio.render("odd.mp4", heights=(1080, 720, 240))

    require_conformance(folder)
    assert [(rung.name, rung.width, rung.height) for rung in rendered.rungs] == [
        ("720p", 1092, 720),
        ("240p", 364, 240),
    ]


async def test_a_screen_recording_of_variable_rate(studio: Studio):
    folder, _ = await studio.render("screen.mp4")

    film = require_conformance(folder)
    picture = film.variants[0].rendition
    assert abs(picture.end - picture.start - 20) < 0.1
    assert decoded_frames(picture) == 600


async def test_interlaced_with_wide_pixels(studio: Studio):
    folder, rendered = await studio.render("pal.mp4", heights=(1080, 240))

    require_conformance(folder)
    assert [(rung.name, rung.width, rung.height) for rung in rendered.rungs] == [
        ("576p", 1024, 576),
        ("240p", 426, 240),
    ]
    assert comb(folder / "v576", studio) < 0.2


async def test_two_sizes_in_one_stream_play_whole(studio: Studio):
    folder, rendered = await studio.render("change.ts")

    film = require_conformance(folder)
    assert abs(rendered.duration - 6) < 0.1
    assert decoded_frames(film.variants[0].rendition) == 180


@pytest.mark.deep
async def test_slides_keep_their_peak_within_twice_the_average(studio: Studio):
    folder, _ = await studio.render("slides.mp4", heights=(240,))

    film = require_conformance(folder)
    rates = film.variants[0].rendition.rates()
    assert rates[1] <= 2 * rates[0]
    assert decoded_frames(film.variants[0].rendition) == 1200


@pytest.mark.deep
async def test_a_picture_that_begins_late_does_not_drift(studio: Studio):
    folder, rendered = await studio.render("late.mp4")

    film = require_conformance(folder)
    assert abs(rendered.duration - 4.5) < 0.1
    assert decoded_frames(film.variants[0].rendition) == 135


@pytest.mark.deep
async def test_more_than_sixty_pictures_a_second(studio: Studio):
    folder, rendered = await studio.render("quick.mp4")

    require_conformance(folder)
    assert {rung.frame_rate for rung in rendered.rungs} == {60.0}


@pytest.mark.deep
async def test_high_dynamic_range_becomes_that_of_every_screen(studio: Studio):
    folder, _ = await studio.render("hdr.mp4")

    film = require_conformance(folder)
    picture = film.variants[0].rendition
    content = picture.init.read_bytes() + picture.segments[0].read_bytes()
    words = "color_range,color_space,color_transfer,color_primaries"
    assert asked(words, content) == "tv,bt709,bt709,bt709"


async def test_a_sound_file_with_a_cover(studio: Studio):
    folder, rendered = await studio.render("cover.mp3")

    film = require_conformance(folder)
    assert rendered.rungs == ()
    assert abs(rendered.duration - 5) < 0.1
    assert film.variants[0].attributes["CODECS"] == "mp4a.40.2"
    assert size_of(folder / rendered.poster) == (300, 200)
    assert rendered.storyboard == ""


async def test_a_film_without_sound(studio: Studio):
    folder, rendered = await studio.render("silent.mp4")

    film = require_conformance(folder)
    assert film.sound is None
    assert "AUDIO" not in film.text
    assert (rendered.audio, rendered.audio_file) == ("", "")


async def test_a_film_that_breaks_off_is_shown_as_far_as_it_goes(studio: Studio):
    folder, rendered = await studio.render("truncated.mp4")

    require_conformance(folder)
    assert 2 < rendered.duration < 6
    assert "breaks off after 0:0" in rendered.notice
    assert "of 0:12" in rendered.notice


@pytest.mark.parametrize("name", ["screen.mp4", "late.mp4", "silent.mp4"])
async def test_a_probe_tells_what_people_ask(studio: Studio, name: str):
    probe = await studio.transcoder.probe(studio.clips[name])

    assert (probe.width, probe.height) == (320, 180)
    assert probe.video_codec == "h264"
    assert probe.audio_codec == ("" if name == "silent.mp4" else "aac")


def asked(words: str, content: bytes) -> str:
    command = ["ffprobe", "-v", "error", "-show_entries", f"stream={words}", "-of", "csv=p=0"]
    done = subprocess.run([*command, "-i", "pipe:0"], input=content, capture_output=True)
    return done.stdout.decode().strip()


def size_of(path) -> tuple[int, int]:
    fields = ["-show_entries", "stream=width,height", "-of", "csv=p=0"]
    done = subprocess.run(
        ["ffprobe", "-v", "error", *fields, path], capture_output=True, check=True
    )
    width, height = done.stdout.decode().strip().split(",")
    return int(width), int(height)


def raw(path, width: int, height: int) -> bytes:
    """Return the first picture as grey values, in a size that is easy to look at."""
    scale = ["-vf", f"scale={width}:{height}", "-pix_fmt", "gray", "-frames:v", "1"]
    command = ["ffmpeg", "-v", "error", "-i", path, *scale, "-f", "rawvideo", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def bright_end(path) -> str:
    """The bars of the test picture go from red (dark) to cyan (bright), left to right; turned by
    a quarter against the clock, cyan is on top."""
    column = raw(path, 1, 6)
    return "top" if column[0] > column[-1] else "bottom"


def comb(folder, studio: Studio) -> float:
    """Return how many lines differ more from their neighbour than from the one after, which weaving
    two fields of a moving picture does: a share."""
    content = b"".join(path.read_bytes() for path in [folder / "init.mp4", folder / "00000.m4s"])
    command = ["ffmpeg", "-v", "info", "-i", "pipe:0", "-vf", "idet", "-f", "null", "-"]
    said = subprocess.run(command, input=content, capture_output=True, check=True).stderr.decode()
    line = next(each for each in said.splitlines() if "Multi frame detection" in each)
    words = line.split("detection:")[1].split()
    counts = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    return (counts["TFF:"] + counts["BFF:"]) / max(1, sum(counts.values()))
