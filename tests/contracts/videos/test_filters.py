"""Lists of videos narrowed and sorted, for each reader what is theirs to see."""

from typing import Any

import msgspec

from quadrangle.videos.gallery.search_words import words_of
from quadrangle.videos.model import Caption, Captions, Filters, Length, Sort, Visibility
from tests.contracts.videos.reel import BEN, Reel
from tests.contracts.videos.test_sharing import a_course, arrange, share

MINUTES = 60


async def a_video(reel: Reel, title: str, minutes: float, captions: int = 0, **values: Any) -> int:
    """Have a video of a length be there, seen by the public unless it is told otherwise."""
    video = await reel.shown(title=title, **{"visibility": Visibility.PUBLIC, **values})
    made = tuple(Caption(language="en", label="English", file="en.vtt") for _ in range(captions))
    details = msgspec.structs.replace(video.details, captions=made)
    changed = reel.changed(video, duration=minutes * MINUTES, details=details)
    await reel.store.save(changed, [], reel.clock.now())
    return video.video_id


async def titles(reel: Reel, words: str = "", **query: Any) -> list[str]:
    filters = {key: query.pop(key) for key in Filters.__struct_fields__ if key in query}
    ids, total = await reel.ids(words=words_of(words), filters=Filters(**filters), **query)
    found = await reel.store.some(ids)
    assert len(found) == total
    return [video.title for video in found]


async def test_lists_are_narrowed_by_length_and_captions(reel: Reel):
    await a_video(reel, "Clip", 3, captions=1)
    await a_video(reel, "Seminar", 10)
    await a_video(reel, "Lecture", 90)
    assert await titles(reel, length=Length.SHORT) == ["Clip"]
    assert await titles(reel, length=Length.MEDIUM) == ["Seminar"]
    assert await titles(reel, length=Length.LONG) == ["Lecture"]
    assert await titles(reel, captions=Captions.WITH) == ["Clip"]
    assert await titles(reel, captions=Captions.WITHOUT) == ["Lecture", "Seminar"]
    assert await titles(reel, captions=Captions.WITH, length=Length.LONG) == []


async def test_lists_are_sorted(reel: Reel):
    await a_video(reel, "beta", 20)
    viewed = await a_video(reel, "Alpha", 30)
    await a_video(reel, "gamma", 10)
    await reel.store.count_view(viewed, "v", "2026-11-21T09", "2026-11-21")
    assert await titles(reel, sort=Sort.NEWEST) == ["gamma", "Alpha", "beta"]
    assert await titles(reel, sort=Sort.OLDEST) == ["beta", "Alpha", "gamma"]
    assert await titles(reel, sort=Sort.TITLE) == ["Alpha", "beta", "gamma"]
    assert await titles(reel, sort=Sort.VIEWS) == ["Alpha", "gamma", "beta"]
    assert await titles(reel, sort=Sort.LONGEST) == ["Alpha", "beta", "gamma"]
    assert await titles(reel, sort=Sort.SHORTEST) == ["gamma", "beta", "Alpha"]


async def test_words_and_filters_together_keep_the_best_first(reel: Reel):
    await a_video(reel, "Lecture", 20, description="About rotation")
    await a_video(reel, "Rotation", 20)
    await a_video(reel, "Rotation of the past", 2)
    assert await titles(reel, "rotation", length=Length.MEDIUM) == ["Rotation", "Lecture"]
    by_age = await titles(reel, "rotation", length=Length.MEDIUM, sort=Sort.OLDEST)
    assert by_age == ["Lecture", "Rotation"]


async def test_filters_show_nobody_what_is_not_theirs(reel: Reel):
    private = await a_video(reel, "Private", 5, visibility=Visibility.PRIVATE)
    shared = await a_video(reel, "Shared", 5, visibility=Visibility.SHARED)
    await a_video(reel, "Campus", 5, visibility=Visibility.CAMPUS)
    await share(reel, await reel.get(shared), "cyd")
    short = {"length": Length.SHORT}
    assert await titles(reel, **short) == []
    assert await titles(reel, campus=True, owner_id="dan", **short) == ["Campus"]
    assert await titles(reel, campus=True, owner_id="cyd", **short) == ["Campus", "Shared"]
    mine = await titles(reel, campus=True, owner_id="ada", **short)
    assert mine == ["Campus", "Shared", "Private"]
    assert await titles(reel, campus=True, owner_id="ada", only_own=True, **short) == mine
    only = await titles(reel, owner_id="ada", only_own=True, visibility=Visibility.PRIVATE)
    assert only == ["Private"]
    assert await titles(reel, "private", campus=True, owner_id="cyd", **short) == []
    assert private


async def test_lists_are_narrowed_to_a_course(reel: Reel):
    inside = await a_video(reel, "Inside", 5)
    hidden = await a_video(reel, "Hidden", 5, visibility=Visibility.PRIVATE)
    await a_video(reel, "Outside", 5)
    await a_course(reel)
    await arrange(reel, "c1", await reel.get(inside), await reel.get(hidden))
    assert await titles(reel, course_id="c1") == ["Inside"]
    assert await titles(reel, course_id="c1", campus=True, owner_id=BEN.account_id) == ["Inside"]
    assert set(await titles(reel, course_id="c1", owner_id="ada")) == {"Inside", "Hidden"}
    assert await titles(reel, course_id="c2") == []
