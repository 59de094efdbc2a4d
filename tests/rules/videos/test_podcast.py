"""A course as a podcast, read back by a library that programs use."""

from datetime import UTC, datetime
from typing import Any

import feedparser
import msgspec
import pytest

from quadrangle.videos.courses.model import Course, Openness
from quadrangle.videos.courses.podcast import Addresses, Sound, podcast
from quadrangle.videos.model import Details, Video

AT = "2026-11-21T09:30:00.000Z"
COURSE = Course(
    course_id="c1",
    user_id="ada",
    owner_name="Dr Ada & Co.",
    title="Größe <b>und</b> Maß",
    description="Line one: 1 < 2\nLine two",
    openness=Openness.MEMBERS,
    created_at=AT,
    updated_at=AT,
)
VIDEO = Video(
    video_id=7,
    user_id="ada",
    title="Levers",
    key="k",
    file_size=1,
    duration=61.6,
    created_at=AT,
    updated_at=AT,
)
ADDRESSES = Addresses(
    feed="https://campus.example/podcast/secret/feed.xml",
    course="https://campus.example/course?id=c1",
    video="https://campus.example/video?course=c1&id=",
)
SOUND = Sound("https://campus.example/podcast/secret/7.m4a", 1234, "audio/mp4")


def read(course: Course = COURSE, *episodes: tuple[Video, Sound | None]) -> Any:
    found = feedparser.parse(podcast(course, list(episodes), ADDRESSES))
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_the_course_is_told_of_as_it_is():
    feed = read().feed
    assert feed.title == "Größe <b>und</b> Maß"
    assert feed.subtitle == "Line one: 1 &lt; 2<br />\nLine two"
    assert feed.link == ADDRESSES.course
    assert (feed.author, feed.itunes_block) == ("Dr Ada & Co.", 1)
    assert not feed.itunes_explicit
    assert {link.href for link in feed.links} == {ADDRESSES.course, ADDRESSES.feed}
    assert (
        "itunes_block" not in read(msgspec.structs.replace(COURSE, openness=Openness.PUBLIC)).feed
    )


def test_episodes_have_their_sound_and_their_place():
    later = msgspec.structs.replace(
        VIDEO, video_id=8, title="Gears", details=Details(publish_at="2026-12-01T00:00:00.000Z")
    )
    first, second = read(COURSE, (VIDEO, SOUND), (later, None)).entries
    (sound,) = first.enclosures
    assert (sound.href, sound.length, sound.type) == (SOUND.url, "1234", "audio/mp4")
    assert (first.title, first.itunes_duration, first.itunes_episode) == ("Levers", "62", "1")
    assert first.link == "https://campus.example/video?course=c1&id=7"
    assert datetime(*first.published_parsed[:6], tzinfo=UTC).isoformat()[:16] == "2026-11-21T09:30"
    assert second.published_parsed[:3] == (2026, 12, 1)
    assert second.enclosures == []
    assert first.id != second.id
    assert not first.guidislink


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\x0b", "]]>", "&#x0;", "😀"])
def test_whatever_a_title_has_the_feed_can_be_read(odd: str):
    video = msgspec.structs.replace(VIDEO, title=f"Be{odd}fore")
    (entry,) = read(COURSE, (video, SOUND)).entries
    assert entry.title.startswith("Be")
    assert entry.title.endswith("fore")
