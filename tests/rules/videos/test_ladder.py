"""Which rungs there are, by the shape that is shown."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.processing.ladder_rules import renditions, shown_rate, shown_size
from tests.rules.videos.films import picture

HEIGHTS = (1080, 720, 480, 360, 240)
RATE = Fraction(30)
sides = st.integers(16, 8192)
shapes = st.fractions(Fraction(1, 4), 4, max_denominator=64)


@pytest.mark.parametrize(
    ("fields", "rungs"),
    [
        ({}, ["1080p 1920x1080", "720p 1280x720", "480p 854x480", "360p 640x360", "240p 426x240"]),
        ({"width": 3840, "height": 2160}, ["1080p 1920x1080", "720p 1280x720"]),
        ({"turn": 90}, ["1080p 1080x1920", "720p 720x1280"]),
        ({"width": 1920, "height": 800}, ["1080p 1920x800", "720p 1280x534"]),
        ({"width": 1440, "height": 1080}, ["1080p 1440x1080", "720p 960x720"]),
        ({"width": 1440, "height": 1080, "pixel_shape": Fraction(4, 3)}, ["1080p 1920x1080"]),
        ({"width": 720, "height": 576, "pixel_shape": Fraction(64, 45)}, ["576p 1024x576", "480p"]),
        ({"width": 1918, "height": 1078}, ["1080p 1918x1078"]),
        ({"width": 1280, "height": 750}, ["720p 1228x720"]),
        ({"width": 160, "height": 120}, ["120p 160x120"]),
        ({"width": 33, "height": 17}, ["17p 32x16"]),
    ],
)
def test_rungs_of_usual_shapes(fields: dict, rungs: list[str]):
    made = renditions(picture(**fields), HEIGHTS, RATE)

    told = [f"{rung.name} {rung.width}x{rung.height}" for rung in made]
    assert len(told) >= len(rungs)
    for is_, should in zip(told, rungs, strict=False):
        assert is_.startswith(should)


@given(
    sides,
    sides,
    shapes,
    st.sampled_from([0, 90, 180, 270]),
    st.sets(st.integers(100, 2160), min_size=1),
)
def test_rungs_of_any_shape(width, height, shape, turn, heights):
    source = picture(width=width, height=height, pixel_shape=shape, turn=turn)
    shown = shown_size(source)

    made = renditions(source, tuple(heights), RATE)

    assert made
    assert len({rung.folder for rung in made}) == len(made)
    for rung in made:
        assert rung.width % 2 == rung.height % 2 == 0
        assert 16 <= rung.width <= max(16, shown[0] + 1)
        assert 16 <= rung.height <= max(16, shown[1] + 1)
        assert rung.most_bits > 0
        if min(rung.width, rung.height) > 64:
            told, is_ = rung.width / rung.height, shown[0] / shown[1]
            assert abs(told / is_ - 1) < 0.04
    areas = [rung.width * rung.height for rung in made]
    assert areas == sorted(areas, reverse=True)


@given(st.fractions(Fraction(1, 100), 250, max_denominator=1001))
def test_frames_a_second_are_never_above_sixty(rate: Fraction):
    shown = shown_rate(rate)

    assert 10 <= shown <= Fraction("60.1")
    if 10 <= rate <= 60:
        assert shown == rate
    if rate > 61:
        assert (rate / shown).denominator == 1
