"""The master playlist, written by ourselves: ffmpeg 5.1 leaves out the average, the frame rate and,
of what it copies, the codecs.
"""

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from quadrangle.videos.processing.playlist_rules import BitRates

SOUND_CODEC = "mp4a.40.2"  # AAC-LC, the only sound that is made
SOUND_GROUP = "sound"
_SOUND_NAME = "Sound"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One rung as the master names it; `rates` of the picture alone."""

    playlist: str
    width: int
    height: int
    codec: str
    frame_rate: Fraction
    rates: BitRates


class Sound(msgspec.Struct, frozen=True):
    """The rendition of sound alone."""

    playlist: str
    rates: BitRates


def master_playlist(variants: Sequence[Variant], sound: Sound | None) -> str:
    """Return the master of all variants, or of sound alone where there is no picture.

    Bit rates of a variant are those of picture and sound together.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound is not None and variants:
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{SOUND_GROUP}",NAME="{_SOUND_NAME}",'
            f'DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="{sound.playlist}"'
        )
    for variant in variants:
        lines += [f"#EXT-X-STREAM-INF:{_attributes(variant, sound)}", variant.playlist]
    if sound is not None and not variants:
        attributes = f'{_rates(sound.rates)},CODECS="{SOUND_CODEC}"'
        lines += [f"#EXT-X-STREAM-INF:{attributes}", sound.playlist]
    return "\n".join([*lines, ""])


def codecs(variant: Variant, sound: Sound | None) -> str:
    """Return the codecs of a variant, sound included (RFC 6381)."""
    return variant.codec if sound is None else f"{variant.codec},{SOUND_CODEC}"


def together(variant: Variant, sound: Sound | None) -> BitRates:
    """Return the rates of a variant with its sound."""
    if sound is None:
        return variant.rates
    return BitRates(
        variant.rates.average + sound.rates.average, variant.rates.peak + sound.rates.peak
    )


def _attributes(variant: Variant, sound: Sound | None) -> str:
    group = "" if sound is None else f',AUDIO="{SOUND_GROUP}"'
    return (
        f"{_rates(together(variant, sound))},"
        f"RESOLUTION={variant.width}x{variant.height},"
        f"FRAME-RATE={float(variant.frame_rate):.3f},"
        f'CODECS="{codecs(variant, sound)}"{group}'
    )


def _rates(rates: BitRates) -> str:
    average = f",AVERAGE-BANDWIDTH={rates.average}" if rates.average else ""
    return f"BANDWIDTH={rates.peak}{average}"


class NoPicture(Exception):
    """The file that should tell how to read a rendition's picture does not."""


def picture_codec(init: bytes) -> str:
    """Return the codec of the picture (RFC 6381) from the init segment. Raises NoPicture.

    The box avcC begins with its version, then profile, compatibility and level.
    """
    at = init.find(b"avcC")
    told = init[at + 5 : at + 8]
    if at < 0 or len(told) < 3:
        raise NoPicture
    return f"avc1.{told.hex()}"
