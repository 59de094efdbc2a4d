"""Files of captions as people have them, and what becomes of them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.errors import InvalidInput
from quadrangle.videos.captions.cue_rules import MOST_TEXT, Cue, read, written
from quadrangle.videos.captions.editing_rules import checked_cues
from quadrangle.videos.captions.encoding_rules import decoded

SRT = "1\r\n00:00:01,000 --> 00:00:03,000\r\nGröße <font color=red>naïve</font>\r\n\r\n"
SHOWN = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nGröße naïve\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
def test_each_encoding_is_read(encoding: str):
    assert written(read(SRT.encode(encoding))) == SHOWN


def test_the_five_bytes_that_windows_has_not_stand_for_themselves():
    undefined = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
    assert decoded(b"\x80" + undefined + b"\xff") == "€\x81\x8d\x8f\x90\x9dÿ"


def test_a_large_file_is_decoded_in_no_time():
    content = b"Gr\xf6\xdfe na\xefve \x9d\n" * 130_000
    before = time.process_time()
    assert decoded(content).startswith("Größe naïve")
    assert time.process_time() - before < 0.2


def test_names_of_cues_and_markup_are_left_out():
    content = (
        b"WEBVTT\n\n1[Announcer]\n00:00:00.000 --> 00:00:05.400\n<img src=x onerror=alert(1)>Hi\n"
    )
    assert written(read(content)) == "WEBVTT\n\n00:00:00.000 --> 00:00:05.400\nHi\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>bold</b> <i>it</i> <u>un</u>", "<b>bold</b> <i>it</i> <u>un</u>"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;script&gt; &nbsp;", "&lt;script&gt; &nbsp;"),
        ("{\\an8}Top", "Top"),
        ("<c.yellow>x</c> <00:00:01.000>y <v Ada>z", "x y z"),
        ("<<b>script>", "&lt;<b>script&gt;"),
    ],
)
def test_markup_is_inert(text: str, shown: str):
    content = f"WEBVTT\n\n00:00.000 --> 00:05.000\n{text}\n".encode()
    (cue,) = read(content)
    assert cue.text == shown


@pytest.mark.parametrize("more", [0, 1])
def test_all_cues_together_have_a_bound(more: int):
    """Of signs as files hold them: one that is escaped counts as long as it is then."""
    each = 4 * 250
    texts = ["<" * 250] * (MOST_TEXT // each) + ["a"] * more
    lines = [f"{place // 3600:02}:{place // 60 % 60:02}:{place % 60:02}" for place in range(3000)]
    blocks = [
        f"{lines[place]}.000 --> {lines[place]}.900\n{text}" for place, text in enumerate(texts)
    ]
    content = "\n\n".join(["WEBVTT", *blocks]).encode()
    cues = [Cue(place * 1000, place * 1000 + 900, text) for place, text in enumerate(texts)]
    if not more:
        assert read(content) == checked_cues(cues)
        return
    for refused in (lambda: read(content), lambda: checked_cues(cues)):
        with pytest.raises(InvalidInput) as error:
            refused()
        assert "too long together" in error.value.errors[0].message


def test_styles_regions_and_notes_go_and_places_stay():
    content = b"""WEBVTT - a title

STYLE
::cue { background: url(https://example.org) }

REGION
id:a

NOTE to nobody

00:01.000 --> 00:02.000 align:start position:10% line:90% region:a onclick:x
One
"""
    assert written(read(content)) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 align:start position:10% line:90%\nOne\n"
    )


def test_cues_come_in_order_and_without_blank_lines_between():
    content = b"00:00:05,000 --> 00:00:06,000\nTwo\n00:00:01,5 --> 00:00:02,000\nOne\n"
    assert [(cue.start, cue.text) for cue in read(content)] == [(1500, "One"), (5000, "Two")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 50,
        b"\x89PNG\r\n\x1a\n\0\0",
        b"[Script Info]\nDialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,Hello\n",
        b"WEBVTT\n\n00:05.000 --> 00:01.000\nBackwards\n",
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n<b\n",
    ][:5],
)
def test_what_has_no_captions_is_refused(content: bytes):
    with pytest.raises(InvalidInput):
        read(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        cues = read(b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + content)
    except InvalidInput:
        return
    again = written(cues).encode()
    assert written(read(again)).encode() == again
