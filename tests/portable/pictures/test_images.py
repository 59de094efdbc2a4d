"""What comes out of uploaded pictures."""

import struct
import zlib

import pytest
from PIL import ExifTags, Image, PngImagePlugin
from PIL.Image import Transpose

from quadrangle.portable.pictures.images import ImageLimits, re_encode
from tests.portable.pictures.colour_profiles import SRGB_BLUE, SRGB_GREEN, SRGB_RED, icc_profile
from tests.portable.pictures.pictures import (
    BLUE,
    LIMITS,
    RED,
    SECRET,
    WHITE,
    assert_bare,
    assert_corners,
    corners,
    encoded,
    is_near,
    located_exif,
    opened,
    pixel,
    png,
)


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
