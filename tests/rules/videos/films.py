"""Films as values, for tests of the rules."""

from fractions import Fraction

from quadrangle.videos.processing.film_model import Film, PictureTrack, SoundTrack, Timing


def timing(**fields) -> Timing:
    """Return the timing of a picture that may be copied, but for `fields`."""
    usual = {"packets": 300, "start": 0.0, "end": 10.0, "rate": Fraction(30), "constant": True}
    usual |= {"keyframes": 5, "keyframe_gap": 2.0, "even": True, "average": 2_000_000}
    return Timing(**(usual | {"peak": 3_000_000} | fields))


def picture(**fields) -> PictureTrack:
    """Return a picture that may be copied, but for `fields`."""
    usual = {"index": 0, "codec": "h264", "width": 1920, "height": 1080, "timing": timing()}
    usual |= {"profile": "High", "level": 40, "pixel_format": "yuv420p"}
    usual |= {"field_order": "progressive", "all_idr": True}
    return PictureTrack(**(usual | fields))


def sound(**fields) -> SoundTrack:
    usual = {"index": 1, "codec": "aac", "timing": timing(rate=Fraction(48000, 1024))}
    return SoundTrack(**(usual | fields))


def film(**fields) -> Film:
    usual = {"duration": 10.0, "streams": 2, "picture": picture(), "sound": sound()}
    return Film(**(usual | {"claimed": 10.0, "may_resize": False} | fields))
