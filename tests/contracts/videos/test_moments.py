"""Words that are said are found, after those in titles and descriptions, with their moment."""

from typing import Any

import msgspec
import pytest

from quadrangle.videos.gallery.search_words import marked, words_of
from quadrangle.videos.model import Caption, Passage, Video, VideoQuery, Visibility
from tests.contracts.videos.reel import BEN, Reel

LECTURE = (
    Passage(0, "Today we look at Größe and rotation"),
    Passage(4000, "The axis stays where it is"),
    Passage(9000, "Rotation of the axis itself is precession"),
)


async def captioned(reel: Reel, video: Video, said: dict[str, Any], **values: Any) -> Video:
    """Have a video get these captions in place of those it has; `said` by the languages."""
    captions = tuple(
        Caption(language=language, label=language, file=f"{language}-{video.version}.vtt")
        for language in said
    )
    details = msgspec.structs.replace(video.details, captions=captions)
    changed = reel.changed(video, details=details, **values)
    files = {f"{language}-{video.version}.vtt": passages for language, passages in said.items()}
    await reel.store.save(changed, [], reel.clock.now(), files)
    return changed


async def moments(reel: Reel, search: str, **query: Any) -> dict[int, tuple[int, str, str]]:
    asked = VideoQuery(words=words_of(search), **query)
    hits, _ = await reel.store.page(asked, 0, 10)
    found = await reel.store.moments(asked, hits)
    return {video_id: (one.start, one.text, one.language) for video_id, one in found.items()}


@pytest.fixture
async def lecture(reel: Reel) -> Video:
    video = await reel.shown(title="Mechanics 4", visibility=Visibility.PUBLIC)
    return await captioned(reel, video, {"en": LECTURE})


async def test_what_is_said_is_found_at_its_moment(reel: Reel, lecture: Video):
    number = lecture.video_id
    assert await moments(reel, "GROSSE rot") == {number: (0, LECTURE[0].text, "en")}
    assert await moments(reel, "axis rotation") == {number: (9000, LECTURE[2].text, "en")}
    # not together in any line: the line with what the title does not say
    assert await moments(reel, "mechanics stays") == {number: (4000, LECTURE[1].text, "en")}
    assert await moments(reel, "mechanics") == {}
    assert (await reel.ids(words=("today", "precession")))[1] == 1
    assert (await reel.ids(words=("today", "zebra")))[1] == 0


async def test_title_stands_before_description_before_what_is_said(reel: Reel):
    said = [
        Passage(1000 * n, f"rotation {n} " + " ".join(f"w{n}x{m}" for m in range(9)))
        for n in range(200)
    ]
    shown = {"visibility": Visibility.PUBLIC}
    spoken = await captioned(reel, await reel.shown(title="Mechanics", **shown), {"en": said})
    short = await reel.shown(title="B", description="rotation", **shown)
    titled = await captioned(
        reel, await reel.shown(title="All that can be said of rotation here", **shown), {"en": said}
    )
    long = await reel.shown(title="C", description="much else, " * 40 + "rotation", **shown)
    ids, total = await reel.ids(words=("rotation",))
    assert (ids[0], ids[-1], total) == (titled.video_id, spoken.video_id, 4)
    assert set(ids[1:3]) == {short.video_id, long.video_id}


async def test_hits_are_the_same_on_pages_of_any_length_the_newest_first(reel: Reel):
    """By title, by description and title together, and by what is said: three of each, mixed."""
    told = {"title": "C", "description": "of rotation of the axis"}
    wanted: list[list[int]] = [[], [], []]
    for _ in range(3):
        spoken = await reel.shown(title="B", visibility=Visibility.PUBLIC)
        await captioned(reel, spoken, {"en": LECTURE})
        described = await reel.shown(visibility=Visibility.PUBLIC, **told)
        titled = await reel.shown(title="Axis of rotation", visibility=Visibility.PUBLIC)
        for kind, video in zip(wanted, (titled, described, spoken), strict=True):
            kind.insert(0, video.video_id)
    in_order = [video_id for kind in wanted for video_id in kind]
    for limit in (1, 2, 4, 9, 20):
        pages = [
            await reel.ids(offset=offset, limit=limit, words=("axis", "rotation"))
            for offset in range(0, 10, limit)
        ]
        assert [video_id for ids, _ in pages for video_id in ids] == in_order
        assert {total for _, total in pages} == {9}


async def test_nobody_finds_what_is_said_where_they_may_not_listen(reel: Reel, lecture: Video):
    private = await captioned(reel, await reel.shown(BEN, title="Mine"), {"en": LECTURE})
    found = await moments(reel, "precession")
    assert private.video_id not in found
    assert private.video_id in await moments(reel, "precession", owner_id="ben")
    hidden = reel.changed(lecture, visibility=Visibility.PRIVATE)
    await reel.store.save(hidden, [], reel.clock.now())
    assert await moments(reel, "precession") == {}


async def test_what_is_replaced_or_deleted_is_found_no_more(reel: Reel, lecture: Video):
    other = (Passage(2000, "Now about lenses"),)
    both = await captioned(reel, lecture, {"de": other, "en": LECTURE[:1]})
    assert await moments(reel, "precession") == {}
    assert await moments(reel, "lenses") == {lecture.video_id: (2000, other[0].text, "de")}
    retitled = reel.changed(both, title="Optics")
    await reel.store.save(retitled, [], reel.clock.now())
    assert (await reel.ids(words=("optics", "lenses")))[1] == 1
    await reel.store.delete(retitled, [], reel.clock.now())
    assert await moments(reel, "lenses") == {}
    left = (
        "SELECT (SELECT count(*) FROM video_passages) + (SELECT count(*) FROM video_passage_search)"
    )
    assert await reel.database.read(lambda c: c.exec_driver_sql(left).scalar()) == 0


async def test_captions_of_any_length_can_be_searched(reel: Reel):
    said = [Passage(n, f"{'ä' * 55}{n:05} und so weiter") for n in range(9000)]
    video = await captioned(reel, await reel.shown(visibility=Visibility.PUBLIC), {"de": said})
    assert (await reel.ids(words=("weiter",)))[1] == 1
    assert (await moments(reel, "und weiter"))[video.video_id][0] == 0


def test_found_words_are_marked_as_they_are_written():
    parts = marked("Größe, and ROTATIONS of größe.", words_of("grosse rotat"))
    assert parts == [
        ("Größe", True),
        (", and ", False),
        ("ROTATIONS", True),
        (" of ", False),
        ("größe", True),
        (".", False),
    ]
