"""Uploaded pictures: what comes out of good ones, and that bad ones harm nobody."""

import asyncio
import errno
import functools
import io
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import textwrap
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin
from PIL.Image import Transpose

import quadrangle
from quadrangle.kernel.errors import InvalidInput, TooLarge, Unavailable
from quadrangle.machine import image_processor
from quadrangle.machine.image_processor import ChildLimits, ImageProcessor
from quadrangle.machine.images import ImageLimits, Picture, re_encode

pillow_heif.register_heif_opener()

LIMITS = ImageLimits()
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (255, 255, 255)
SECRET = "Secret-Camera-7"


def corners(width: int = 120, height: int = 80) -> Image.Image:
    """Red and green above, blue and white below: every way to turn it looks different."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def noise(width: int = 160, height: int = 120) -> Image.Image:
    return Image.effect_noise((width, height), 80).convert("RGB")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def pixel(content: bytes, x: float, y: float) -> tuple[int, ...]:
    """Return the colour at a place given in shares of width and height."""
    image = opened(content)
    colour = image.getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(colour, tuple)
    return colour


def is_near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(is_ - want) <= 25 for is_, want in zip(colour, wanted, strict=True))


def assert_corners(content: bytes) -> None:
    for x, y, wanted in ((0.2, 0.2, RED), (0.8, 0.2, GREEN), (0.2, 0.8, BLUE), (0.8, 0.8, WHITE)):
        assert is_near(pixel(content, x, y), wanted), (x, y)


def assert_bare(content: bytes) -> None:
    """Nothing but a JFIF header and the picture: no EXIF, XMP, ICC, IPTC, comment, second frame."""
    image = Image.open(io.BytesIO(content), formats=["JPEG"])
    assert [name for name, _ in image.applist] == ["APP0"]  # pyright: ignore
    assert not image.getexif()
    assert "comment" not in image.info
    for trace in (b"Exif\0\0", SECRET.encode(), b"http://ns.adobe.com", b"ICC_PROFILE\0"):
        assert trace not in content


def refusal_of(content: bytes, limits: ImageLimits = LIMITS) -> InvalidInput | TooLarge:
    with pytest.raises((InvalidInput, TooLarge)) as caught:
        re_encode(content, limits)
    return checked(caught.value)


def checked(error: InvalidInput | TooLarge) -> InvalidInput | TooLarge:
    assert error.message.endswith(".")
    assert len(error.message) < 120
    if isinstance(error, InvalidInput):
        assert [each.field for each in error.errors] == ["photo"]
    return error


def located_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = SECRET
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 55.5)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (11.0, 34.0, 5.25)
    return exif


# What comes out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_format_becomes_an_upright_jpeg_with_a_thumbnail(kind: str) -> None:
    picture = re_encode(encoded(corners(1200, 800), kind), LIMITS)

    assert picture.mime == "image/jpeg"
    assert (picture.width, picture.height) == opened(picture.content).size == (1200, 800)
    thumbnail_size = (picture.thumbnail_width, picture.thumbnail_height)
    assert thumbnail_size == opened(picture.thumbnail).size == (480, 320)
    for content in (picture.content, picture.thumbnail):
        assert_corners(content)
        assert_bare(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_camera_and_place_are_gone(kind: str) -> None:
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    content = encoded(corners(600, 400), kind, exif=located_exif().tobytes(), xmp=xmp)
    gps = opened(content).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert gps[ExifTags.GPS.GPSLatitude] == (48.0, 8.0, 55.5)
    assert SECRET.encode() in content

    picture = re_encode(content, LIMITS)

    assert_bare(picture.content)
    assert_bare(picture.thumbnail)


def test_comments_and_text_chunks_are_gone() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    text.add_itxt("XML:com.adobe.xmp", SECRET)
    for content in (
        encoded(corners(), "JPEG", comment=SECRET),
        encoded(corners(), "PNG", pnginfo=text),
        encoded(corners(), "JPEG") + SECRET.encode(),
    ):
        assert SECRET.encode() in content
        assert_bare(re_encode(content, LIMITS).content)


STORED_AS = {
    1: None,
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    method = STORED_AS[orientation]
    stored = corners(600, 400) if method is None else corners(600, 400).transpose(method)
    content = encoded(stored, kind, exif=located_exif(orientation).tobytes())

    picture = re_encode(content, LIMITS)

    assert (picture.width, picture.height) == (600, 400)
    assert (picture.thumbnail_width, picture.thumbnail_height) == (480, 320)
    assert_corners(picture.content)
    assert_corners(picture.thumbnail)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_turned_once(orientation: int) -> None:
    """A HEIC tells its orientation in the container and again in EXIF."""
    method = STORED_AS[orientation]
    stored = corners(600, 400) if method is None else corners(600, 400).transpose(method)
    content = encoded(stored, "HEIF", exif=located_exif(orientation).tobytes())

    picture = re_encode(content, LIMITS)

    assert (picture.width, picture.height) == (600, 400)
    assert_corners(picture.content)


def test_damaged_exif_costs_only_the_orientation() -> None:
    exif = located_exif(6).tobytes()
    for damaged in (exif[:20], b"Exif\0\0" + b"\xff" * 60, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"):
        picture = re_encode(encoded(corners(), "JPEG", exif=damaged), LIMITS)
        assert_corners(picture.content)


@pytest.mark.parametrize("nonsense", [0, 9, 65535])
def test_unknown_orientations_mean_upright(nonsense: int) -> None:
    content = encoded(corners(), "JPEG", exif=located_exif(nonsense).tobytes())
    assert_corners(re_encode(content, LIMITS).content)


@pytest.mark.parametrize(
    ("size", "wanted", "thumbnail"),
    [
        ((4000, 1000), (2560, 640), (480, 120)),
        ((900, 5200), (443, 2560), (83, 480)),
        ((100, 50), (100, 50), (100, 50)),
        ((1, 15_000), (1, 2560), (1, 480)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_large_ones_shrink_and_small_ones_stay(
    kind: str, size: tuple[int, int], wanted: tuple[int, int], thumbnail: tuple[int, int]
) -> None:
    picture = re_encode(encoded(Image.new("RGB", size, RED), kind), LIMITS)

    assert (picture.width, picture.height) == opened(picture.content).size == wanted
    assert (picture.thumbnail_width, picture.thumbnail_height) == thumbnail
    assert is_near(pixel(picture.content, 0.5, 0.5), RED)


def test_sides_follow_the_limits() -> None:
    limits = ImageLimits(longest_side=300, thumbnail_side=30)
    picture = re_encode(encoded(corners(1200, 800), "JPEG"), limits)
    assert (picture.width, picture.thumbnail_width) == (300, 30)
    assert_corners(picture.content)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_transparency_becomes_white(kind: str) -> None:
    image = corners().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 60, 40))
    image.paste((0, 0, 0, 128), (60, 0, 120, 40))

    picture = re_encode(encoded(image, kind), LIMITS)

    assert is_near(pixel(picture.content, 0.2, 0.2), WHITE)
    assert is_near(pixel(picture.content, 0.8, 0.2), (127, 127, 127))
    assert is_near(pixel(picture.content, 0.2, 0.8), BLUE)


def test_transparent_palettes_and_key_colours_become_white() -> None:
    palette = corners().quantize(4)
    index = palette.getpixel((10, 10))
    grey_alpha = Image.new("LA", (60, 40), (0, 0))
    for content in (
        encoded(palette, "PNG", transparency=index),
        encoded(corners(), "PNG", transparency=RED),
        encoded(grey_alpha, "PNG"),
    ):
        assert is_near(pixel(re_encode(content, LIMITS).content, 0.2, 0.2), WHITE)


@pytest.mark.parametrize(
    ("image", "kind", "wanted"),
    [
        pytest.param(Image.new("CMYK", (60, 40), (0, 255, 255, 0)), "JPEG", (255, 0, 0), id="CMYK"),
        pytest.param(Image.new("L", (60, 40), 90), "JPEG", (90, 90, 90), id="grey JPEG"),
        pytest.param(Image.new("L", (60, 40), 90), "PNG", (90, 90, 90), id="grey PNG"),
        pytest.param(Image.new("L", (60, 40), 90), "HEIF", (90, 90, 90), id="grey HEIC"),
        pytest.param(Image.new("1", (60, 40), 1), "PNG", WHITE, id="one bit"),
        pytest.param(Image.new("I;16", (60, 40), 32896), "PNG", (128, 128, 128), id="16-bit grey"),
        pytest.param(Image.new("I;16", (60, 40), 32896), "HEIF", (128, 128, 128), id="HDR grey"),
        pytest.param(Image.new("RGB", (60, 40), BLUE).quantize(4), "PNG", BLUE, id="palette"),
    ],
)
def test_colours_survive_every_mode(
    image: Image.Image, kind: str, wanted: tuple[int, int, int]
) -> None:
    picture = re_encode(encoded(image, kind), LIMITS)
    assert is_near(pixel(picture.content, 0.5, 0.5), wanted)
    assert opened(picture.content).mode == "RGB"


@pytest.mark.parametrize("alpha", [False, True])
def test_16_bit_colour_keeps_its_colours(alpha: bool) -> None:
    channels = (220 * 257, 30 * 257, 30 * 257, 65535)[: 4 if alpha else 3]
    row = b"\0" + struct.pack(f">{len(channels)}H", *channels) * 8
    content = png(8, 8, zlib.compress(row * 8), depth=16, colour=6 if alpha else 2)
    assert is_near(pixel(re_encode(content, LIMITS).content, 0.5, 0.5), RED)


def test_colour_profiles_are_applied() -> None:
    """In this profile red and green have changed places, so its red is our green."""
    swapped = icc_profile(red=SRGB_GREEN, green=SRGB_RED, blue=SRGB_BLUE)
    pure_red = Image.new("RGB", (60, 40), (255, 0, 0))
    seen = {
        kind: pixel(
            re_encode(encoded(pure_red, kind, icc_profile=swapped), LIMITS).content, 0.5, 0.5
        )
        for kind in ("JPEG", "PNG", "WEBP", "HEIF")
    }
    assert all(is_near(colour, (0, 255, 0)) for colour in seen.values()), seen


def test_transparent_pictures_keep_both_profile_and_transparency() -> None:
    swapped = icc_profile(red=SRGB_GREEN, green=SRGB_RED, blue=SRGB_BLUE)
    image = Image.new("RGBA", (60, 40), (255, 0, 0, 255))
    image.paste((255, 0, 0, 0), (0, 0, 30, 40))
    content = re_encode(encoded(image, "PNG", icc_profile=swapped), LIMITS).content
    assert is_near(pixel(content, 0.2, 0.5), WHITE)
    assert is_near(pixel(content, 0.8, 0.5), (0, 255, 0))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_profiles_that_do_not_fit_are_passed_over(mode: str) -> None:
    image = corners().convert(mode)
    fitting_other = icc_profile(SRGB_RED, SRGB_GREEN, SRGB_BLUE, space=b"GRAY")
    for profile in (b"rubbish", b"\0" * 200, fitting_other, icc_profile(SRGB_RED)[:180]):
        picture = re_encode(encoded(image, "JPEG", icc_profile=profile), LIMITS)
        assert_bare(picture.content)


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "MPO", "HEIF"])
def test_the_first_frame_stands_for_the_rest(kind: str) -> None:
    others = [Image.new("RGB", (120, 80), BLUE) for _ in range(3)]
    content = encoded(corners(), kind, save_all=True, append_images=others)
    assert_corners(re_encode(content, LIMITS).content)


# What is refused --------------------------------------------------------------------------------


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


# Bytes of all kinds -----------------------------------------------------------------------------

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
fuzz = settings(max_examples=300, deadline=None)


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


# The child process ------------------------------------------------------------------------------

Use = Callable[[ImageProcessor], Awaitable[None]]
GOOD = encoded(corners(), "JPEG")


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    yield
    for process in multiprocessing.active_children():
        assert process.pid is not None
        wait_for_end(process.pid)


def use(
    work: Use, limits: ImageLimits | None = None, child_limits: ChildLimits | None = None
) -> None:
    async def session() -> None:
        processor = ImageProcessor(limits, child_limits)
        try:
            await work(processor)
        finally:
            await processor.close()

    asyncio.run(session())


def child() -> int:
    """Return the id of the one child process there is."""
    ids = [each.pid for each in multiprocessing.active_children() if each.pid]
    (running,) = [each for each in ids if is_running(each)]
    return running


async def refused(processor: ImageProcessor, content: bytes) -> str:
    with pytest.raises((InvalidInput, TooLarge)) as caught:
        await processor.re_encode(content)
    return checked(caught.value).message


def wait_for_end(process_id: int) -> None:
    """Wait until there is no such process; two minutes are for a machine under load."""
    last = time.monotonic() + 120
    while is_running(process_id):
        assert time.monotonic() < last, f"process {process_id} is still running"
        time.sleep(0.01)


def limits_of(process_id: int) -> dict[str, str]:
    """Return the soft limits by name."""
    lines = Path(f"/proc/{process_id}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].split()[0] for line in lines}


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_the_child_does_what_re_encode_does() -> None:
    async def work(processor: ImageProcessor) -> None:
        for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
            content = encoded(corners(), kind)
            assert await processor.re_encode(content) == re_encode(content, LIMITS)

    use(work)


def test_one_child_starts_with_the_first_picture_and_stays() -> None:
    async def work(processor: ImageProcessor) -> None:
        assert multiprocessing.active_children() == []
        await processor.re_encode(GOOD)
        first = child()
        await processor.re_encode(GOOD)
        assert child() == first

    use(work)


def test_files_that_are_no_pictures_start_no_child() -> None:
    async def work(processor: ImageProcessor) -> None:
        assert "JPEG, PNG, WebP or HEIC" in await refused(processor, b"GIF89a")
        assert "12 MB" in await refused(processor, GOOD + bytes(12 * 1024 * 1024))
        assert multiprocessing.active_children() == []

    use(work)


def test_the_child_is_bounded() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        found = limits_of(child())
        assert found["Max address space"] == "1500000000"
        assert found["Max core file size"] == "0"
        assert 0 < int(found["Max cpu time"]) < 60

    use(work)


def test_refusals_come_back_as_they_are() -> None:
    async def work(processor: ImageProcessor) -> None:
        too_large = png(30_000, 30_000, zlib.compress(bytes(100)))
        assert await refused(processor, too_large) == refusal_of(too_large).message
        assert await refused(processor, GOOD[:300]) == "This picture could not be read."
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


def test_a_bomb_meets_the_memory_limit() -> None:
    """The size in the header is let through here, so that decoding needs 3.6 GB."""
    bomb = png(30_000, 30_000, inflating_to_a_gb(), colour=6)

    async def work(processor: ImageProcessor) -> None:
        assert await refused(processor, bomb) == "This picture could not be read."
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work, ImageLimits(pixels=10**9, side=10**6))


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(lambda: exif_bomb("JPEG"), id="EXIF in JPEG"),
        pytest.param(lambda: exif_bomb("PNG"), id="EXIF in PNG"),
        pytest.param(lambda: exif_bomb("WEBP"), id="EXIF in WebP"),
        pytest.param(lambda: png(8, 8, inflating_to_a_gb()), id="pixels nobody asked for"),
        pytest.param(lambda: many_scans(8000, 6000, 80), id="scans within limits"),
        pytest.param(lambda: many_frames("PNG"), id="frames of a PNG"),
        pytest.param(lambda: many_frames("WEBP"), id="frames of a WebP"),
        pytest.param(
            lambda: heic_claiming(encoded(noise(1500, 1000), "HEIF"), 8, 8), id="HEIC says small"
        ),
    ],
)
def test_bombs_are_read_or_refused_and_the_next_picture_is_read(
    bomb: Callable[[], bytes],
) -> None:
    content = bomb()

    async def work(processor: ImageProcessor) -> None:
        try:
            await processor.re_encode(content)
        except (InvalidInput, TooLarge) as error:
            checked(error)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


def test_a_child_that_is_killed_at_work_fails_its_picture_only() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        killed = child()
        os.kill(killed, signal.SIGSTOP)
        pictures = [asyncio.create_task(processor.re_encode(GOOD)) for _ in range(3)]
        await asyncio.sleep(0.2)
        os.kill(killed, signal.SIGKILL)
        first, *others = await asyncio.gather(*pictures, return_exceptions=True)
        assert isinstance(first, InvalidInput)
        assert first.message == "This picture could not be read."
        assert all(isinstance(other, Picture) for other in others)

    use(work)


def test_a_child_that_ended_while_idle_is_replaced_unnoticed() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        ended = child()
        os.kill(ended, signal.SIGKILL)
        wait_for_end(ended)
        assert isinstance(await processor.re_encode(GOOD), Picture)
        assert child() != ended

    use(work)


def test_a_child_that_takes_too_long_is_ended() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        stuck = child()
        os.kill(stuck, signal.SIGSTOP)
        assert await refused(processor, GOOD) == "This picture could not be read."
        wait_for_end(stuck)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work, child_limits=ChildLimits(seconds=5))


def test_processor_time_is_bounded_even_when_the_parent_is_stuck() -> None:
    slow = many_scans(16_000, 12_000, 80)

    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        busy = child()
        picture = asyncio.create_task(processor.re_encode(slow))
        await asyncio.sleep(0.2)  # it is handed over
        wait_for_end(busy)  # and from here the event loop stands still
        with pytest.raises(InvalidInput):
            await picture

    use(work, ImageLimits(pixels=200_000_000), ChildLimits(seconds=1))


def test_a_caller_who_goes_away_leaves_no_child_at_work() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        stuck = child()
        os.kill(stuck, signal.SIGSTOP)
        picture = asyncio.create_task(processor.re_encode(GOOD))
        await asyncio.sleep(0.2)
        picture.cancel()
        with pytest.raises(asyncio.CancelledError):
            await picture
        wait_for_end(stuck)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


def test_a_child_is_replaced_after_its_share_of_pictures() -> None:
    async def work(processor: ImageProcessor) -> None:
        children = set()
        for _ in range(5):
            await processor.re_encode(GOOD)
            children.add(child())
        assert len(children) == 3

    use(work, child_limits=ChildLimits(pictures=2))


def test_more_callers_than_allowed_are_asked_to_come_again() -> None:
    async def work(processor: ImageProcessor) -> None:
        pictures = [asyncio.create_task(processor.re_encode(GOOD)) for _ in range(5)]
        results = await asyncio.gather(*pictures, return_exceptions=True)
        assert [type(result) for result in results] == [Picture] * 3 + [Unavailable] * 2
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work, child_limits=ChildLimits(callers=3))


def test_a_child_that_cannot_start_is_nothing_the_picture_did() -> None:
    async def work(processor: ImageProcessor) -> None:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await processor.re_encode(GOOD)

    use(work, child_limits=ChildLimits(memory_bytes=1_000_000))


def test_closing_waits_for_the_picture_in_work_and_turns_away_the_rest() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        process_id = child()
        first = asyncio.create_task(processor.re_encode(GOOD))
        second = asyncio.create_task(processor.re_encode(GOOD))
        await asyncio.sleep(0)
        await processor.close()
        assert isinstance(await first, Picture)
        with pytest.raises(Unavailable):
            await second
        wait_for_end(process_id)
        with pytest.raises(Unavailable):
            await processor.re_encode(GOOD)
        await processor.close()

    use(work)


def test_a_pool_that_cannot_be_made_is_told_and_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more_files(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    async def work(processor: ImageProcessor) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(image_processor, "ProcessPoolExecutor", no_more_files)
            with pytest.raises(Unavailable, match="Pictures cannot be taken in"):
                await processor.re_encode(GOOD)
        assert isinstance(await processor.re_encode(GOOD), Picture)

    use(work)


def test_signals_to_the_group_are_left_to_the_parent() -> None:
    async def work(processor: ImageProcessor) -> None:
        await processor.re_encode(GOOD)
        os.kill(child(), signal.SIGTERM)
        os.kill(child(), signal.SIGINT)
        before = child()
        assert isinstance(await processor.re_encode(GOOD), Picture)
        assert child() == before

    use(work)


def run_script(script: str, folder: Path) -> "subprocess.Popen[str]":
    """Start a Python program of its own: a main module with a guard, as servers have."""
    file = folder / "server.py"
    file.write_text(textwrap.dedent(script))
    source = str(Path(quadrangle.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, str(file)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )


def test_the_server_never_imports_the_decoders(tmp_path: Path) -> None:
    (tmp_path / "good.jpg").write_bytes(GOOD)
    script = """
        import asyncio, pathlib, sys
        from quadrangle.machine.image_processor import ImageProcessor

        async def main():
            processor = ImageProcessor()
            content = pathlib.Path(__file__).with_name("good.jpg").read_bytes()
            picture = await processor.re_encode(content)
            await processor.close()
            print(picture.width, sorted({name.split(".")[0] for name in sys.modules}))

        if __name__ == "__main__":
            asyncio.run(main())
    """
    output, _ = run_script(script, tmp_path).communicate()
    assert output.startswith("120 ")
    assert "'msgspec'" in output
    assert "'PIL'" not in output
    assert "pillow_heif'" not in output


@pytest.mark.parametrize("state", ["idle", "at work"])
def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path, state: str) -> None:
    (tmp_path / "good.jpg").write_bytes(GOOD)
    (tmp_path / "slow.jpg").write_bytes(many_scans(8000, 6000, 80))
    script = """
        import asyncio, multiprocessing, pathlib
        from quadrangle.machine.image_processor import ImageProcessor

        async def main():
            processor = ImageProcessor()
            here = pathlib.Path(__file__).parent
            await processor.re_encode((here / "good.jpg").read_bytes())
            slow = asyncio.create_task(processor.re_encode((here / "slow.jpg").read_bytes()))
            if STATE == "idle":
                slow.cancel()
                await asyncio.sleep(0)
                await processor.re_encode((here / "good.jpg").read_bytes())
            else:
                await asyncio.sleep(0.5)
            print(multiprocessing.active_children()[0].pid, flush=True)
            await asyncio.sleep(1000)

        if __name__ == "__main__":
            asyncio.run(main())
    """
    parent = run_script(f"STATE = {state!r}\n" + textwrap.dedent(script), tmp_path)
    assert parent.stdout is not None
    process_id = int(parent.stdout.readline())
    assert is_running(process_id)
    parent.kill()
    parent.communicate()
    wait_for_end(process_id)


# Makers of bad pictures -------------------------------------------------------------------------


def png(
    width: int,
    height: int,
    rows: bytes,
    *,
    depth: int = 8,
    colour: int = 2,
    extra: Sequence[tuple[bytes, bytes]] = (),
) -> bytes:
    """Return a PNG with this header and these compressed rows, whether or not they fit."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@functools.cache
def inflating_to_a_gb() -> bytes:
    """Return about a megabyte that stands for a gigabyte of zeros."""
    deflate = zlib.compressobj()
    megabyte = bytes(1_000_000)
    return b"".join([*(deflate.compress(megabyte) for _ in range(1000)), deflate.flush()])


def jpeg_claiming(content: bytes, width: int, height: int) -> bytes:
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def webp_claiming(content: bytes, width: int, height: int) -> bytes:
    assert content[12:16] == b"VP8 "
    return content[:26] + struct.pack("<HH", width, height) + content[30:]


def heic_claiming(content: bytes, width: int, height: int) -> bytes:
    at = content.index(b"ispe") + 8
    return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]


def exif_bomb(kind: str) -> bytes:
    """Thousands of tags that all point to the same megabytes."""
    body = 6_000_000 if kind != "JPEG" else 50_000
    count = 60_000 if kind != "JPEG" else 1000
    entries = b"".join(
        struct.pack(">HHII", tag, 7, body - count * 12 - 14, count * 12 + 14)
        for tag in range(1, count + 1)
    )
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">H", count) + entries + bytes(4)
    tiff = tiff.ljust(body, b"\0")
    if kind == "PNG":
        rows = zlib.compress(bytes(8 * 25))
        return png(8, 8, rows, extra=[(b"eXIf", tiff)])
    return encoded(corners(), kind, exif=b"Exif\0\0" + tiff)


def many_scans(width: int, height: int, repeats: int) -> bytes:
    """A progressive JPEG that says its last scan again and again; each costs a whole pass."""
    content = encoded(Image.new("RGB", (width, height), RED), "JPEG", progressive=True)
    last_scan = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last_scan * repeats + b"\xff\xd9"


def many_frames(kind: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), (level, 0, 0)) for level in range(256)] * 4
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


SRGB_RED = (0.4361, 0.2225, 0.0139)
SRGB_GREEN = (0.3851, 0.7169, 0.0971)
SRGB_BLUE = (0.1431, 0.0606, 0.7141)
Xyz = tuple[float, float, float]


def icc_profile(
    red: Xyz, green: Xyz = SRGB_GREEN, blue: Xyz = SRGB_BLUE, space: bytes = b"RGB "
) -> bytes:
    """Return a display profile with these primaries and a gamma of 2.2 (ICC.1:2001-04)."""
    white = (0.9642, 1.0, 0.8249)
    gamma = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(2.2 * 256), 0)
    tags = [(b"wtpt", xyz(white)), (b"rXYZ", xyz(red)), (b"gXYZ", xyz(green)), (b"bXYZ", xyz(blue))]
    tags += [(name, gamma) for name in (b"rTRC", b"gTRC", b"bTRC", b"kTRC")]
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", 128 + 4 + 12 * len(tags) + len(body), len(data))
        body += data
    header = struct.pack(
        ">I4sI4s4s4s12s4s24s12s",
        128 + len(table) + len(body),
        b"\0\0\0\0",
        0x02100000,
        b"mntr",
        space,
        b"XYZ ",
        struct.pack(">6H", 2025, 1, 1, 0, 0, 0),
        b"acsp",
        bytes(28)[:24],
        bytes(12),
    )
    header = header[:68] + xyz(white)[8:]
    return header.ljust(128, b"\0") + table + body


def xyz(values: Xyz) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))
