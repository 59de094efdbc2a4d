"""Bad pictures are refused in words, whatever is in them."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quadrangle.kernel.errors import InvalidInput, TooLarge
from quadrangle.portable.pictures.images import ImageLimits, Picture, re_encode
from tests.portable.pictures.pictures import (
    GOOD,
    LIMITS,
    assert_bare,
    checked,
    corners,
    encoded,
    heic_claiming,
    inflating_to_a_gb,
    jpeg_claiming,
    located_exif,
    many_scans,
    noise,
    opened,
    png,
    refusal_of,
    webp_claiming,
)
from tests.properties import examples


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(encoded(corners(), "GIF"), id="GIF"),
        pytest.param(encoded(corners(), "BMP"), id="BMP"),
        pytest.param(encoded(corners(), "TIFF"), id="TIFF"),
        pytest.param(b"%PDF-1.7\n" * 20, id="PDF"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="SVG"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="EPS"),
        pytest.param(b"MZ" + bytes(200), id="program"),
        pytest.param(b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", id="AVIF"),
        pytest.param(b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", id="MP4"),
        pytest.param(b"x", id="one byte"),
    ],
)
def test_other_files_are_refused_with_what_to_send(content: bytes) -> None:
    assert "JPEG, PNG, WebP or HEIC" in refusal_of(content).message


def test_an_empty_file_is_refused() -> None:
    assert refusal_of(b"").message == "This file is empty."


def test_more_bytes_than_allowed_are_refused() -> None:
    content = encoded(noise(), "PNG")
    error = refusal_of(content + bytes(12 * 1024 * 1024))
    assert isinstance(error, TooLarge)
    assert error.message == "This picture is larger than 12 MB."
    assert isinstance(re_encode(content, ImageLimits(bytes=len(content))), Picture)
    assert isinstance(refusal_of(content, ImageLimits(bytes=len(content) - 1)), TooLarge)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_truncated_files_are_refused(kind: str, share: float) -> None:
    content = encoded(noise(), kind)
    error = refusal_of(content[: int(len(content) * share)])
    assert error.message == "This picture could not be read."


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_pixels_are_counted_before_decoding(kind: str) -> None:
    content = encoded(Image.new("RGB", (100, 80)), kind)
    error = refusal_of(content, ImageLimits(pixels=7999))
    assert isinstance(error, TooLarge)
    assert isinstance(re_encode(content, ImageLimits(pixels=8000)), Picture)


@pytest.mark.parametrize(
    ("width", "height"),
    [(1, 60_000), (60_000, 1), (7100, 7100), (30_000, 30_000), (2**31 - 1, 2**31 - 1)],
)
def test_claimed_sizes_are_believed_and_refused(width: int, height: int) -> None:
    rows = zlib.compress(bytes(1000))
    assert isinstance(refusal_of(png(width, height, rows)), TooLarge)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "HEIF"])
def test_claimed_sizes_of_other_formats_too(kind: str) -> None:
    content = encoded(noise(), kind)
    enlarge = {"JPEG": jpeg_claiming, "WEBP": webp_claiming, "HEIF": heic_claiming}[kind]
    assert isinstance(refusal_of(enlarge(content, 16_000, 16_000)), TooLarge)
    if kind != "JPEG":  # whose decoder takes missing rows for grey ones once the end mark is there
        refusal_of(enlarge(content, 7000, 7000))


def test_zero_sides_are_refused() -> None:
    refusal_of(png(0, 10, zlib.compress(bytes(100))))
    refusal_of(jpeg_claiming(encoded(noise(), "JPEG"), 0, 0))
    refusal_of(heic_claiming(encoded(noise(), "HEIF"), 0, 0))


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param((b"zTXt", b"k\0\0"), id="zTXt"),
        pytest.param((b"iTXt", b"k\0\x01\0\0\0"), id="iTXt"),
        pytest.param((b"iCCP", b"k\0\0"), id="iCCP"),
    ],
)
def test_text_that_inflates_to_a_gigabyte_is_refused(chunk: tuple[bytes, bytes]) -> None:
    name, head = chunk
    content = png(8, 8, zlib.compress(bytes(8 * 25)), extra=[(name, head + inflating_to_a_gb())])
    refusal_of(content)


def test_many_smaller_texts_are_refused() -> None:
    one = (b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000)))
    refusal_of(png(8, 8, zlib.compress(bytes(8 * 25)), extra=[one] * 500))


def test_a_plain_text_of_megabytes_does_no_harm() -> None:
    extra = [(b"tEXt", b"k\0" + b"x" * 5_000_000)]
    content = png(8, 8, zlib.compress(bytes(8 * 25)), extra=extra)
    assert isinstance(re_encode(content, LIMITS), Picture)


@pytest.mark.parametrize("filler", [b"", b"\xff\x01\xff\xff", b"\xff\xd3", b"\xff\xff", b"\xff\0"])
def test_jpegs_of_endless_scans_are_refused(filler: bytes) -> None:
    """Whatever stands between the scans: the decoder passes over it, so must the count."""
    endless = many_scans(1600, 1200, 1000)
    assert refusal_of(endless.replace(b"\xff\xda", filler + b"\xff\xda"))
    assert isinstance(re_encode(many_scans(1600, 1200, 80), LIMITS), Picture)


def test_scans_in_what_follows_a_jpeg_do_not_count() -> None:
    """Phones append a film to some of their pictures."""
    assert isinstance(re_encode(GOOD + b"\xff\xda\0\x02" * 1000, LIMITS), Picture)


def test_no_message_holds_a_path_or_a_class_name() -> None:
    message = refusal_of(encoded(noise(), "PNG")[:200]).message
    assert not any(word in message for word in ("Error", "/", "PIL", "object at"))


SMALL = ImageLimits(pixels=1_000_000, longest_side=64, thumbnail_side=16)
SAMPLES = [
    encoded(noise(64, 48), "JPEG", exif=located_exif(6).tobytes()),
    encoded(noise(64, 48), "JPEG", progressive=True),
    encoded(noise(32, 24).convert("CMYK"), "JPEG"),
    encoded(noise(64, 48), "MPO", save_all=True, append_images=[noise(64, 48)]),
    encoded(noise(32, 24), "PNG", exif=located_exif(3).tobytes()),
    encoded(noise(32, 24).quantize(16), "PNG", transparency=b"\0\x80"),
    encoded(noise(24, 16), "PNG", save_all=True, append_images=[noise(24, 16)]),
    encoded(noise(64, 48), "WEBP", exif=located_exif(8).tobytes()),
    encoded(noise(32, 24).convert("RGBA"), "WEBP", lossless=True),
    encoded(noise(32, 24), "WEBP", save_all=True, append_images=[noise(32, 24)]),
    encoded(noise(64, 48), "HEIF", exif=located_exif(6).tobytes()),
    encoded(noise(64, 64).convert("RGBA"), "HEIF"),
    encoded(noise(160, 160), "HEIF", tile_size=64),
]
MAGIC = [
    b"",
    b"\xff\xd8\xff\xe0",
    b"\xff\xd8\xff\xdb",
    b"\x89PNG\r\n\x1a\n",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"RIFF\x40\0\0\0WEBPVP8L",
    b"RIFF\x40\0\0\0WEBPVP8X",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\0\x80meta",
]
sample = st.sampled_from(SAMPLES)
fuzz = settings(max_examples=examples(300))


def read_or_refuse(content: bytes) -> None:
    try:
        picture = re_encode(content, SMALL)
    except (InvalidInput, TooLarge) as error:
        checked(error)
    else:
        assert opened(picture.content).size == (picture.width, picture.height)
        assert max(picture.width, picture.height) <= 64
        assert_bare(picture.content)


@fuzz
@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(magic: bytes, rest: bytes) -> None:
    read_or_refuse(magic + rest)


@fuzz
@given(sample, st.floats(0, 1))
def test_any_part_of_a_file_is_read_or_refused(content: bytes, share: float) -> None:
    read_or_refuse(content[: int(len(content) * share)])


@fuzz
@given(sample, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), min_size=1, max_size=12))
def test_flipped_bits_are_read_or_refused(content: bytes, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(content)
    for place, bit in flips:
        damaged[int((len(damaged) - 1) * place)] ^= 1 << bit
    read_or_refuse(bytes(damaged))


@fuzz
@given(sample, st.integers(0, 500), st.binary(min_size=1, max_size=8))
def test_overwritten_headers_are_read_or_refused(content: bytes, at: int, new: bytes) -> None:
    """Near the start, where sizes, offsets and counts are."""
    at = min(at, len(content))
    read_or_refuse(content[:at] + new + content[at + len(new) :])


@fuzz
@given(sample, sample, st.floats(0, 1), st.floats(0, 1))
def test_two_files_in_one_are_read_or_refused(
    first: bytes, second: bytes, end: float, start: float
) -> None:
    read_or_refuse(first[: int(len(first) * end)] + second[int(len(second) * start) :])


@pytest.mark.parametrize("content", SAMPLES, ids=range(len(SAMPLES)))
@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04" + bytes(100), b"<script>alert(1)</script>", SAMPLES[4]]
)
def test_what_is_hidden_behind_a_picture_is_lost(content: bytes, tail: bytes) -> None:
    picture = re_encode(content + tail, LIMITS)
    assert tail not in picture.content
    assert tail not in picture.thumbnail
