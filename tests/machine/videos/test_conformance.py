"""What is rendered is what its playlists say, for films that nothing is wrong with."""

import re
import subprocess
from itertools import pairwise

import pytest

from tests.machine.videos.conftest import Studio
from tests.machine.videos.hls import decoded_frames, require_conformance


async def test_a_film_becomes_a_ladder_with_all_that_belongs_to_it(studio: Studio):
    folder, rendered = await studio.render("plain.mp4")

    film = require_conformance(folder)
    assert [rung.name for rung in rendered.rungs] == ["360p", "240p"]
    assert abs(rendered.duration - 10) < 0.05
    assert rendered.notice == ""
    assert [decoded_frames(each.rendition) for each in film.variants] == [300, 300]
    for variant, rung in zip(film.variants, rendered.rungs, strict=True):
        assert variant.attributes["BANDWIDTH"] == str(rung.bit_rate)
        assert variant.attributes["CODECS"] == rung.codecs
        assert variant.rendition.name == rung.playlist
    for name in (rendered.audio, rendered.audio_file, rendered.poster, rendered.storyboard):
        assert (folder / name).is_file()
    assert (folder / rendered.poster).read_bytes().startswith(b"\xff\xd8")
    _require_storyboard(folder, rendered.storyboard, "00:00:10.000")


async def test_it_can_be_watched_while_it_is_made(studio: Studio, tmp_path):
    out = tmp_path / "out-plain.mp4"
    first = {}

    async def look(progress):
        if progress.playable and not first:
            text = (out / "master.m3u8").read_text()
            names = [line for line in text.splitlines() if line and not line.startswith("#")]
            names += re.findall(r'URI="([^"]+)"', text)
            first.update({name: (out / name).read_text() for name in names})
        studio.progress.append(progress)

    studio._told = look
    await studio.render("plain.mp4")

    assert set(first) == {"v360/index.m3u8", "v240/index.m3u8", "audio/index.m3u8"}
    for name, text in first.items():
        assert "#EXT-X-PLAYLIST-TYPE:EVENT" in text
        listed = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert listed
        for segment in listed:
            assert ((out / name).parent / segment).stat().st_size > 0
    done = [each.done_s for each in studio.progress]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(10, abs=0.05)
    playable = [each.playable for each in studio.progress]
    assert playable == sorted(playable)


async def test_a_source_that_fits_is_the_top_rung_itself(studio: Studio):
    folder, rendered = await studio.render("fit.mp4")

    film = require_conformance(folder)
    assert [rung.name for rung in rendered.rungs] == ["360p", "240p"]
    assert _picture_hash(studio.clips["fit.mp4"]) == _picture_hash(folder / "v360/index.m3u8")
    assert [decoded_frames(each.rendition) for each in film.variants] == [240, 240]


@pytest.mark.deep
async def test_keyframes_that_nobody_can_begin_at_are_not_copied(studio: Studio):
    folder, _ = await studio.render("open_gop.mp4")

    require_conformance(folder)
    assert _picture_hash(studio.clips["open_gop.mp4"]) != _picture_hash(folder / "v360/index.m3u8")


@pytest.mark.deep
async def test_heights_that_are_wanted(studio: Studio):
    folder, rendered = await studio.render("silent.mp4", heights=(1080, 144))

    require_conformance(folder)
    assert [(rung.name, rung.width, rung.height) for rung in rendered.rungs] == [
        ("180p", 320, 180),
        ("144p", 256, 144),
    ]


async def test_loudness_is_evened(studio: Studio):
    """A whisper and a shout come out alike."""
    folder, rendered = await studio.render("quiet.wav")

    require_conformance(folder)
    assert rendered.rungs == ()
    assert _loudness(folder / rendered.audio_file) == pytest.approx(-16, abs=1.5)
    assert _loudness(studio.clips["quiet.wav"]) < -30


def _require_storyboard(folder, storyboard: str, end: str) -> None:
    """It reaches the end without a gap, and its tiles lie on the sheets."""
    text = (folder / storyboard).read_text()
    times = re.findall(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", text)
    assert times[0][0] == "00:00:00.000"
    assert times[-1][1] == end
    assert all(one[1] == two[0] for one, two in pairwise(times))
    wide, high = _size(folder / times[0][2])
    for _, _, name, x, y, width, height in times:
        assert (folder / name).is_file()
        assert int(x) + int(width) <= wide
        assert int(y) + int(height) <= high


def _picture_hash(path) -> str:
    """Return a hash of the packets' pictures, whatever container holds them."""
    allowed = ["-allowed_extensions", "ALL"] if path.suffix == ".m3u8" else []
    command = ["ffmpeg", "-v", "error", *allowed, "-i", path, "-map", "0:v", "-f", "hash", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def _size(path) -> tuple[int, int]:
    fields = ["-show_entries", "stream=width,height", "-of", "csv=p=0"]
    done = subprocess.run(
        ["ffprobe", "-v", "error", *fields, path], capture_output=True, check=True
    )
    width, height = done.stdout.decode().strip().split(",")
    return int(width), int(height)


def _loudness(path) -> float:
    command = ["ffmpeg", "-i", path, "-af", "ebur128", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=True).stderr.decode()
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])
