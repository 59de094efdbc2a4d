"""What strangers send ends in a sentence, and harms nothing."""

import secrets
import time
from pathlib import Path

import pytest

from quadrangle.videos.processing.ports import Refusal
from tests.machine.videos.clips import disguised
from tests.machine.videos.conftest import Studio
from tests.machine.videos.hls import require_conformance

NOT_A_VIDEO = "This file is not a video or sound recording that can be read."


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(secrets.token_hex(16))
    return path


async def test_files_that_name_others_are_not_films(studio: Studio, tmp_path: Path, secret: Path):
    for path in disguised(tmp_path, secret).values():
        with pytest.raises(Refusal) as refusal:
            await studio.transcoder.probe(path)
        assert refusal.value.message == NOT_A_VIDEO, path


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("rate_bomb.mp4", "The video shows 1000 pictures a second; 250 are the most."),
        ("size_bomb.mp4", "The picture is 8192 × 4320; 16 million pixels"),
        ("streams_bomb.mkv", "This file holds 40 streams; 32 are the most."),
        ("long_bomb.mp4", "The video is 10.0 hours long; 8 are the most."),
        ("no_index.mp4", "This file is incomplete: it ends before its table of contents."),
    ],
)
async def test_bombs_are_refused_before_they_are_decoded(studio: Studio, name: str, sentence: str):
    path = studio.clips[name]

    began = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        await studio.transcoder.probe(path)

    assert refusal.value.message.startswith(sentence)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"\0" * 4096,
        b"GIF89a" + bytes(100),
        b"RIFF\xff\xff\xff\xffAVI LIST",
        b"ID3" * 99,
    ],
    ids=["nothing", "a zero", "zeros", "a picture", "half a header", "tags alone"],
)
async def test_what_is_no_film_is_refused(studio: Studio, tmp_path: Path, content: bytes):
    path = tmp_path / "upload"
    path.write_bytes(content)

    with pytest.raises(Refusal) as refusal:
        await studio.transcoder.probe(path)

    assert refusal.value.message in (NOT_A_VIDEO, "This file is empty.")
    assert str(tmp_path) not in refusal.value.message


async def test_of_a_polyglot_only_the_film_is_left(studio: Studio):
    folder, _ = await studio.render("polyglot.mp4")

    require_conformance(folder)
    for path in folder.rglob("*.*"):
        assert b"<script" not in path.read_bytes()


@pytest.mark.deep
async def test_a_film_of_noise_in_the_middle_still_ends(studio: Studio, tmp_path: Path):
    """Packets that no decoder understands: the rest is shown, or the file is refused."""
    content = bytearray(studio.clips["plain.mp4"].read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60_000] = secrets.token_bytes(60_000)
    path = tmp_path / "noise.mp4"
    path.write_bytes(content)

    try:
        folder, _ = await studio.render(path, heights=(240,))
    except Refusal as refusal:
        assert refusal.message
    else:
        require_conformance(folder)


@pytest.mark.deep
async def test_packets_that_are_noise_are_no_film(studio: Studio):
    with pytest.raises(Refusal) as refusal:
        await studio.render("shifted.mp4")

    assert refusal.value.message.startswith("The picture and sound of this file cannot be read")


async def test_names_of_any_kind_do_not_matter(studio: Studio, tmp_path: Path):
    path = tmp_path / "-i $(touch x);\n'%05d' <b>.mp4"
    path.write_bytes(studio.clips["silent.mp4"].read_bytes())

    probe = await studio.transcoder.probe(path)

    assert probe.video_codec == "h264"
