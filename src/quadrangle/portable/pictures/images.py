"""Uploaded pictures, made again from their pixels so that nothing else of the upload survives.

`re_encode` may be run anywhere; image_processor.py runs it in a child process. Pillow is imported
by the functions that need it.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from quadrangle.kernel.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    from PIL.Image import Image

T = TypeVar("T")
_log = logging.getLogger(__name__)

FIELD = "photo"
UNREADABLE = "This picture could not be read."
_UNKNOWN = "This is not a picture we can read. Please send a JPEG, PNG, WebP or HEIC picture."

# JPEG, not WebP: every mail client and office program shows it. WebP would save a tenth (noisy) to
# two fifths (soft) of the bytes at 2560 x 1920, for four times the processor time (0.47 s). What
# JPEG lacks, transparency, becomes white: a photo of a broken lamp has none, and the drawings and
# screenshots that have it are made for light pages.
_OUTPUT_MIME = "image/jpeg"
_QUALITY = 85

_EXIF_ORIENTATION = 0x0112
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1")

# A progressive JPEG refines its pixels in about ten scans. Each costs a pass over all of them (27
# ms for 48 million here), so 300 kB that repeat a scan without end would take the whole time-out.
_MAX_SCANS = 100
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")  # no stuffed byte, no restart
_JPEG_SCAN, _JPEG_END = b"\xda", b"\xd9"
_JPEG_MARKERS_ALONE = (b"\x01", b"\xd8")  # those no length follows


class ImageLimits(msgspec.Struct, frozen=True):
    """What is accepted, and how large results are.

    `bytes` of the upload; `pixels` and `side` (in pixels) as its header tells them; `longest_side`
    and `thumbnail_side` in pixels.
    """

    bytes: int = 12 * 1024 * 1024
    pixels: int = 50_000_000
    side: int = 20_000
    longest_side: int = 2560
    thumbnail_side: int = 480


class Picture(msgspec.Struct, frozen=True):
    """A picture as we keep it and a small one to list it by, both upright sRGB without metadata.

    `mime` is that of `content` and of `thumbnail`; sides are in pixels.
    """

    content: bytes
    mime: str
    width: int
    height: int
    thumbnail: bytes
    thumbnail_width: int
    thumbnail_height: int


def re_encode(content: bytes, limits: ImageLimits) -> Picture:
    """Return the picture in `content` (JPEG, PNG, WebP, HEIC; the first frame of an animation).

    Raises TooLarge or InvalidInput (field `photo`), and nothing else as long as the decoders do
    not crash. Memory is bounded by `limits.pixels` for honest pictures only, and warnings of the
    process are turned off meanwhile: give it a process of its own.
    """
    kind = accepted_kind(content, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow says about damaged metadata
            return _decode_and_encode(content, kind, limits)
    except (InvalidInput, TooLarge):
        raise
    except Exception as error:  # Pillow lets anything out, from struct.error to MemoryError
        raise InvalidInput.at(FIELD, UNREADABLE) from error


def accepted_kind(content: bytes, limits: ImageLimits) -> str:
    """Return Pillow's name of the format the bytes have, whatever the client called it."""
    if not content:
        raise InvalidInput.at(FIELD, "This file is empty.")
    if len(content) > limits.bytes:
        raise TooLarge(f"This picture is larger than {limits.bytes / 1024 / 1024:g} MB.")
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "HEIF"
    raise InvalidInput.at(FIELD, _UNKNOWN)


def _decode_and_encode(content: bytes, kind: str, limits: ImageLimits) -> Picture:
    decoded = _decode(content, kind, limits)
    upright = _upright(_on_white(decoded), _orientation(decoded))
    thumbnail = _shrunk(upright, limits.thumbnail_side)
    # PNGs are mostly screenshots; coarser colour would blur their coloured text.
    fine_colour = kind == "PNG"
    return Picture(
        content=_jpeg(upright, fine_colour),
        mime=_OUTPUT_MIME,
        width=upright.width,
        height=upright.height,
        thumbnail=_jpeg(thumbnail, fine_colour),
        thumbnail_width=thumbnail.width,
        thumbnail_height=thumbnail.height,
    )


def _decode(content: bytes, kind: str, limits: ImageLimits) -> "Image":
    """Return the picture at its final size, with 8 bits a channel, and its metadata in `info`."""
    image = _opened(content, kind, limits)
    if kind == "JPEG":
        if _scans_of_jpeg(content) > _MAX_SCANS:
            raise InvalidInput.at(FIELD, UNREADABLE)
        image.draft(None, _fitted(image.size, limits.longest_side))  # decodes at 1/2, 1/4 or 1/8
    image.load()
    return _shrunk(_with_8_bits(image), limits.longest_side)


def _opened(content: bytes, kind: str, limits: ImageLimits) -> "Image":
    """Read the header, and refuse what would be too large once decoded."""
    import PIL.Image
    import pillow_heif

    # Embedded previews, depth maps and masks would only be more to parse.
    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )
    try:
        with _pillow_allowing(limits.pixels):
            image = PIL.Image.open(io.BytesIO(content), formats=[kind])
    except PIL.Image.DecompressionBombError as error:
        raise _too_many_pixels(limits) from error
    if image.width * image.height > limits.pixels:
        raise _too_many_pixels(limits)
    if max(image.size) > limits.side:
        raise TooLarge(f"This picture is wider or higher than {limits.side} pixels.")
    return image


def _scans_of_jpeg(content: bytes) -> int:
    """Count the passes over the picture its decoder will make, at most one more than allowed."""
    scans, at = 0, 0
    while scans <= _MAX_SCANS:
        marker = _JPEG_MARKER.search(content, at)
        if marker is None or marker[1] == _JPEG_END:
            break
        scans += marker[1] == _JPEG_SCAN
        at = marker.end()
        if marker[1] not in _JPEG_MARKERS_ALONE:
            at += int.from_bytes(content[at : at + 2], "big")
    return scans


@contextmanager
def _pillow_allowing(pixels: int) -> Iterator[None]:
    """Have decoders that allocate as they open (WebP) stop at twice `pixels`; its own limit."""
    import PIL.Image

    usual = PIL.Image.MAX_IMAGE_PIXELS
    PIL.Image.MAX_IMAGE_PIXELS = pixels
    try:
        yield
    finally:
        PIL.Image.MAX_IMAGE_PIXELS = usual


def _too_many_pixels(limits: ImageLimits) -> TooLarge:
    return TooLarge(f"This picture has more than {limits.pixels / 1_000_000:g} million pixels.")


def _with_8_bits(image: "Image") -> "Image":
    """Return the picture as L, LA, RGB, RGBA or CMYK: modes that can be resized and matched."""
    if image.mode.startswith("I"):
        grey = image.point(lambda level: level * (1 / 257)).convert("L")  # convert alone clips
        grey.info = {name: value for name, value in image.info.items() if name != "transparency"}
        return grey
    if image.mode in ("LA", "RGBA", "CMYK"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert("RGB")


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return `size` with its longer side at most `side` and its shape kept, never enlarged."""
    ratio = min(1.0, side / max(size))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def _shrunk(image: "Image", side: int) -> "Image":
    from PIL.Image import Resampling

    size = _fitted(image.size, side)
    if size == image.size:
        return image
    smaller = image.resize(size, Resampling.LANCZOS, reducing_gap=3.0)
    smaller.info = image.info
    return smaller


def _on_white(image: "Image") -> "Image":
    """Return a new picture in sRGB that shares nothing with `image` but its look."""
    import PIL.Image

    new = PIL.Image.new("RGB", image.size, "white")
    if image.mode in ("LA", "RGBA"):
        new.paste(_in_srgb(image.convert(image.mode[:-1])), mask=image.getchannel("A"))
    else:
        new.paste(_in_srgb(image))
    return new


def _in_srgb(image: "Image") -> "Image":
    """Apply the colour profile the picture came with; without a usable one it is sRGB already."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile:
        return image.convert("RGB")
    try:
        converted = ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        _log.debug("a colour profile was passed over", exc_info=True)
        return image.convert("RGB")
    return converted or image.convert("RGB")


def _orientation(image: "Image") -> int:
    try:
        return image.getexif().get(_EXIF_ORIENTATION, 1)
    except Exception:  # Pillow's EXIF reader lets anything out; a good picture may hold bad EXIF
        _log.debug("EXIF was passed over", exc_info=True)
        return 1


def _upright(image: "Image", orientation: int) -> "Image":
    """Turn and mirror as EXIF orientations 2 to 8 ask for; leave the rest."""
    from PIL.Image import Transpose

    method = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(orientation)
    return image if method is None else image.transpose(method)


def _jpeg(image: "Image", fine_colour: bool) -> bytes:
    output = io.BytesIO()
    image.save(
        output,
        "JPEG",
        quality=_QUALITY,
        optimize=True,
        progressive=True,
        subsampling="4:4:4" if fine_colour else "4:2:0",
    )
    return output.getvalue()
