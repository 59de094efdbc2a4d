"""Playlists: read, written, and the rates they tell."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.processing.evening_rules import BOX_HEAD, fillings
from quadrangle.videos.processing.master_rules import (
    NoPicture,
    Sound,
    Variant,
    master_playlist,
    picture_codec,
)
from quadrangle.videos.processing.playlist_rules import (
    BitRates,
    MediaPlaylist,
    NotAPlaylist,
    Segment,
    bit_rates,
    read_playlist,
    write_playlist,
)
from quadrangle.videos.processing.storyboard_rules import COLUMNS, ROWS, storyboard, storyboard_text

films = st.lists(
    st.tuples(st.floats(3.5, 4.5), st.integers(1_000, 4_000_000)), min_size=1, max_size=40
).map(lambda each: [Segment(f"{n:05}.m4s", *told) for n, told in enumerate(each)])


@given(films)
def test_what_is_written_is_read(segments: list[Segment]):
    written = write_playlist(MediaPlaylist("init.mp4", tuple(segments), ended=True))

    found = read_playlist(written)

    assert found.ended
    assert found.init == "init.mp4"
    assert [each.name for each in found.segments] == [each.name for each in segments]
    assert found.duration == pytest.approx(sum(each.duration for each in segments), abs=0.01)
    assert f"#EXT-X-TARGETDURATION:{found.target}\n" in written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#EXTM3U\nname-without-length.m4s\n",
        "#EXTM3U\n#EXTINF:4,\n../../etc/passwd\n",
        "#EXTM3U\n#EXTINF:4,\nhttp://elsewhere/x\n",
        "#EXTM3U\n#EXTINF:4,\n.hidden\n",
        '#EXTM3U\n#EXT-X-MAP:URI="/init.mp4"\n',
        "#EXTM3U\n#EXTINF:nan,\nx.m4s\n",
        "#EXTM3U\n#EXTINF:-1,\nx.m4s\n",
    ],
)
def test_what_names_other_places_is_no_playlist(text: str):
    with pytest.raises(NotAPlaylist):
        read_playlist(text)


def test_a_last_segment_of_a_frame_is_no_peak():
    steady = [Segment("a", 4.0, 500_000)] * 3

    assert bit_rates([*steady, Segment("b", 0.04, 40_000)]).peak < 1_100_000


@given(films)
def test_filled_up_the_peak_is_at_most_twice_the_average(segments: list[Segment]):
    before = bit_rates(segments)

    added = fillings(segments)

    filled = [
        Segment(each.name, each.duration, each.size + more)
        for each, more in zip(segments, added, strict=True)
    ]
    after = bit_rates(filled)
    assert after.peak <= 2 * after.average * 1.001
    assert after.peak <= before.peak * 1.001
    assert all(more == 0 or more >= BOX_HEAD for more in added)
    if before.peak <= 2 * before.average:
        assert not any(added)
    else:
        assert after.average <= before.peak * 0.56  # no more than it takes


def test_the_master_tells_picture_and_sound_together():
    variant = Variant(
        playlist="v720/index.m3u8",
        width=1280,
        height=720,
        codec="avc1.64001f",
        frame_rate=Fraction(30000, 1001),
        rates=BitRates(1_000_000, 1_500_000),
    )

    text = master_playlist([variant], Sound("audio/index.m3u8", BitRates(120_000, 130_000)))

    assert (
        "#EXT-X-STREAM-INF:BANDWIDTH=1630000,AVERAGE-BANDWIDTH=1120000,RESOLUTION=1280x720,"
        'FRAME-RATE=29.970,CODECS="avc1.64001f,mp4a.40.2",AUDIO="sound"\nv720/index.m3u8\n' in text
    )
    assert 'TYPE=AUDIO,GROUP-ID="sound",NAME="Sound"' in text


def test_the_master_of_sound_alone():
    text = master_playlist([], Sound("audio/index.m3u8", BitRates(1, 2)))

    assert text.count("audio/index.m3u8") == 1
    assert "TYPE=AUDIO" not in text


def test_the_codec_is_read_from_the_init_segment():
    assert picture_codec(b"....avcC\x01\x64\x00\x1f\xff") == "avc1.64001f"
    for broken in (b"", b"avcC", b"avcC\x01\x64"):
        with pytest.raises(NoPicture):
            picture_codec(broken)


@given(st.floats(0.1, 8 * 3600), st.integers(16, 1920), st.integers(16, 1920))
def test_the_storyboard_reaches_the_end_without_gaps(duration: float, width: int, height: int):
    board = storyboard(duration, width, height)

    text = storyboard_text(board, duration, [f"s{n}.jpg" for n in range(board.sheets)])

    cues = [line for line in text.splitlines() if " --> " in line]
    assert len(cues) == board.tiles
    assert cues[0].startswith("00:00:00.000 --> ")
    ends = [cue.split(" --> ") for cue in cues]
    assert all(one[1] == two[0] for one, two in pairwise(ends))
    hours, minutes, seconds = ends[-1][1].split(":")
    assert int(hours) * 3600 + int(minutes) * 60 + float(seconds) == pytest.approx(
        duration, abs=1e-3
    )
    assert board.tiles <= board.sheets * COLUMNS * ROWS
    assert board.tiles * board.interval >= duration - 0.01
