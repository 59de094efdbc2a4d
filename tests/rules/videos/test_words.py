"""Words that were heard as cues, cues as people type them, chapters, slides."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.captions.cue_rules import cleaned, read, written
from quadrangle.videos.captions.passage_rules import typed
from quadrangle.videos.chapters.rules import from_description
from quadrangle.videos.processing.slide_rules import scores_of, slides_of
from quadrangle.videos.speech.cueing_rules import LONGEST_LINE, cues_of
from quadrangle.videos.speech.model import Word

PIECES = ["a", "<", ">", "&", "amp;", "lt;", "gt;", "nbsp;", "<i>", "</i>", "<b>", " ", "\n", "-->"]
words = st.lists(
    st.tuples(
        st.floats(0, 2),
        st.floats(0.05, 3),
        st.sampled_from([" axis", " on.", "-wise", " ", " <i>"]),
    ),
    max_size=60,
).map(lambda parts: _in_time(parts))


def _in_time(parts: list[tuple[float, float, str]]) -> list[Word]:
    at, spoken = 0.0, []
    for pause, length, text in parts:
        spoken.append(Word(at + pause, at + pause + length, text))
        at += pause + length
    return spoken


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_typed_is_the_same_cue_again(text: str):
    cue = cleaned(text)
    assert cleaned(cue) == cue
    assert cleaned(typed(cue)) == cue


@given(words)
def test_cues_of_heard_words_follow_each_other_and_can_be_read(heard: list[Word]):
    cues = cues_of(heard)
    assert all(cue.start < cue.end for cue in cues)
    assert all(one.end <= other.start for one, other in pairwise(cues))
    assert all(cue.text.count("\n") <= 1 for cue in cues)
    if cues:
        assert read(written(cues).encode()) == cues


def test_a_sentence_is_a_cue_and_a_long_one_is_two_lines():
    said = "Today we look at the rotation of a rigid body about an axis. It stays. Why does it?"
    heard = [Word(n * 0.3, n * 0.3 + 0.25, f" {word}") for n, word in enumerate(said.split())]
    first, second = cues_of(heard)
    assert first.text == "Today we look at the rotation\nof a rigid body about an axis."
    assert max(map(len, first.text.split("\n"))) <= LONGEST_LINE
    assert second.text == "It stays. Why does it?"


@pytest.mark.parametrize(
    ("description", "starts"),
    [
        ("0:00 Begin\n1:05 - Middle\n01:00:00 End", [0, 65, 3600]),
        ("* (0:00) A\n* [0:10] B", [0, 10]),
        ("At 0:30 you see it", []),
        ("0:00 Only one", []),
        ("0:30 B\n0:00 A", []),
        ("0:00 A\n2:00:00 beyond the end", []),
        ("0:00 A\n0:75 B", []),
    ],
)
def test_times_in_a_description_are_chapters(description: str, starts: list[int]):
    assert [each.start for each in from_description(description, 4000.0)] == starts


def test_slides_change_where_a_still_picture_becomes_another():
    still = [(2.0 * n, 0.0004) for n in range(100)]
    changed = [(at, 0.02 if at in (40.0, 42.0, 120.0) else score) for at, score in still]
    assert slides_of(changed) == (40.0, 120.0)
    beside_a_speaker = [(at, score + 0.003) for at, score in changed]
    assert slides_of(beside_a_speaker) == ()
    dice = random.Random(4)
    assert slides_of([(2.0 * n, dice.uniform(0.02, 0.5)) for n in range(100)]) == ()
    told = b"frame:1 pts:2 pts_time:2\nlavfi.scene_score=0.020000\nframe:2 pts_time:nan\n"
    assert scores_of(told) == [(2.0, 0.02)]
