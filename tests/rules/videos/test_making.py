"""What is taken in, what is copied, and what programs are told."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.processing.accepting_rules import Caps, missing_notice, refusal
from quadrangle.videos.processing.command_rules import CODECS, FORMATS, look_at_headers, transcode
from quadrangle.videos.processing.filter_rules import picture_graph
from quadrangle.videos.processing.making_rules import making
from tests.rules.videos.films import film, picture, sound, timing

HEIGHTS = (1080, 720, 480, 360, 240)
CAPS = Caps()
PIXELS = 16_000_000


def copied(**fields) -> bool:
    return making(film(**fields), HEIGHTS, 0).renditions[0].copied


def test_a_film_that_is_good_enough_is_copied():
    made = making(film(), HEIGHTS, 0)

    assert [rung.copied for rung in made.renditions] == [True, False, False, False, False]
    command = transcode(made, PIXELS)
    assert command.count("source") == 4  # others have their keyframes where it has its own
    assert command.count("copy") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"turn": 90, "width": 1080, "height": 1920},
        {"turn": 180},
        {"mirrored": True},
        {"pixel_shape": Fraction(4, 3), "width": 1440},
        {"codec": "hevc"},
        {"profile": "High 10"},
        {"profile": "High 4:4:4 Predictive"},
        {"pixel_format": "yuvj420p"},
        {"pixel_format": "yuv420p10le"},
        {"field_order": "tt"},
        {"field_order": ""},
        {"transfer": "smpte2084"},
        {"primaries": "bt2020"},
        {"color_range": "pc"},
        {"level": 51},
        {"all_idr": False},
        {"width": 1919},
        {"width": 2560, "height": 1440},
        {"timing": timing(constant=False)},
        {"timing": timing(keyframe_gap=2.4)},
        {"timing": timing(even=False)},
        {"timing": timing(start=0.4)},
        {"timing": timing(end=9.0)},
        {"timing": timing(skipped=1)},
        {"timing": timing(rate=Fraction(120))},
        {"timing": timing(average=9_000_000)},
        {"timing": timing(peak=20_000_000)},
        {"timing": timing(average=200_000)},
    ],
    ids=str,
)
def test_one_thing_amiss_and_it_is_not_copied(fields: dict):
    assert not copied(picture=picture(**fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"duration": 9 * 3600.0}, "The video is 9.0 hours long; 8 are the most."),
        ({"streams": 33}, "This file holds 33 streams; 32 are the most."),
        ({"picture": None, "sound": None}, "This file holds neither picture nor sound."),
        ({"duration": 0.01}, "This is too short to be a video."),
        ({"picture": picture(width=16384, height=8704)}, "The picture is 16384 × 8704; 16 million"),
        ({"picture": picture(width=8, height=8)}, "The picture is 8 × 8; 16 × 16 is the least."),
        ({"picture": picture(width=4096, height=16)}, "The picture is far longer on one side"),
        ({"picture": picture(timing=timing(rate=Fraction(1000)))}, "The video shows 1000 pictures"),
        (
            {"picture": picture(timing=timing(packets=9000))},
            "The video shows 900 pictures a second",
        ),
    ],
)
def test_refusals_say_what_is_too_much(fields: dict, sentence: str):
    assert (refusal(film(**fields), CAPS) or "").startswith(sentence)


def test_what_is_as_it_should_be_is_taken_in():
    assert refusal(film(), CAPS) is None
    assert refusal(film(picture=None), CAPS) is None
    assert refusal(film(sound=None), CAPS) is None


def test_the_owner_is_told_of_what_is_missing():
    assert missing_notice(film(claimed=11.0)) == ""
    assert missing_notice(film(claimed=0.0)) == ""
    assert missing_notice(film(claimed=3661.0)).startswith(
        "The file breaks off after 0:10 of 1:01:01."
    )


def test_readers_may_only_open_files_and_kinds_that_hold_their_own_content():
    for command in (look_at_headers(PIXELS), transcode(making(film(), HEIGHTS, 0), PIXELS)):
        source = command.index("-i")
        assert command[source + 1] == "file:/in"
        given_ = command[:source]
        assert given_[given_.index("-protocol_whitelist") + 1] == "file,pipe"
        assert given_[given_.index("-format_whitelist") + 1] == ",".join(FORMATS)
        assert given_[given_.index("-max_pixels") + 1] == str(PIXELS)
    assert not {"hls", "concat", "dash", "image2", "sdp", "rtsp", "lavfi", "applehttp"} & {*FORMATS}
    assert "magicyuv" not in CODECS


@given(
    st.floats(0.2, 8 * 3600),
    st.fractions(1, 250, max_denominator=1001),
    st.booleans(),
    st.integers(16, 4000),
    st.integers(16, 4000),
)
def test_picture_and_sound_end_together(duration, rate, has_sound, width, height):
    source = film(
        duration=duration,
        picture=picture(width=width, height=height, timing=timing(rate=rate, end=duration)),
        sound=sound() if has_sound else None,
    )

    made = making(source, HEIGHTS, 0)

    assert abs(made.duration - duration) <= 1 / min(rate, 10) / 2 + 0.05
    assert -0.03 < made.sound_samples / 48_000 - made.duration < 0.05
    command = transcode(made, PIXELS)
    assert command.count("-f") == len(made.playlists)
    assert all(isinstance(each, str) and each for each in command)


def test_high_dynamic_range_is_mapped_and_says_so():
    source = film(picture=picture(transfer="smpte2084", primaries="bt2020", matrix="bt2020nc"))
    made = making(source, HEIGHTS, 0)

    assert "tonemap" in picture_graph(made)
    command = transcode(made, PIXELS)
    assert command.count("-color_trc") == len(made.renditions)


def test_films_that_are_mostly_still_get_a_lower_bound():
    still = picture(timing=timing(average=100_000, peak=3_000_000))

    usual = making(film(picture=picture(all_idr=False)), HEIGHTS, 0).renditions
    lower = making(film(picture=still), HEIGHTS, 0).renditions

    for one, other in zip(usual, lower, strict=True):
        assert other.most_bits * 2 == one.most_bits
