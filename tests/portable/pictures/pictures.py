"""Pictures for tests, good and bad, and what is looked for in those that come out."""

import functools
import io
import struct
import zlib
from collections.abc import Sequence

import pillow_heif
import pytest
from PIL import ExifTags, Image

from quadrangle.kernel.errors import InvalidInput, TooLarge
from quadrangle.portable.pictures.images import ImageLimits, re_encode

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


GOOD = encoded(corners(), "JPEG")


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
