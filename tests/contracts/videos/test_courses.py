"""What a store of courses keeps and lists, what people have seen, and secret addresses."""

import asyncio

import msgspec
import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.principal import Role
from quadrangle.videos.courses.model import Course, CourseFeed, CourseQuery, Openness, Teacher
from quadrangle.videos.courses.reactions import CourseReactions
from quadrangle.videos.courses.rules import CourseEdit, edited
from quadrangle.videos.courses.teaching_rules import handed_over, joined
from quadrangle.videos.model import Visibility
from tests.contracts.videos.reel import ADA, Reel
from tests.contracts.videos.test_sharing import ABSENT, a_course, arrange, grants


async def titles(reel: Reel, offset: int = 0, limit: int = 10, **query: object) -> list[str]:
    found, _ = await reel.courses.page(msgspec.convert(query, CourseQuery), offset, limit)
    return [course.title for course in found]


async def test_a_course_is_kept_with_its_order(reel: Reel):
    made = await a_course(reel, title="Größe", description="About it", openness=Openness.CAMPUS)
    assert await reel.courses.get("c1") == made
    first, second, third = [await reel.shown() for _ in range(3)]
    for order in ([third, first, second], [first, third], [second, third, first]):
        await arrange(reel, "c1", *order)
        kept = await reel.courses.get("c1")
        assert kept is not None
        assert kept.videos == tuple(video.video_id for video in order)
    assert await reel.courses.get(ABSENT) is None


async def test_of_two_changes_at_once_one_is_a_conflict(reel: Reel):
    course = await a_course(reel)
    now = reel.clock.now()
    saves = [
        reel.courses.save(edited(course, CourseEdit(title=title), now, ADA)[0], [], now)
        for title in ("One", "Two")
    ]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["Conflict", "NoneType"]


async def test_a_video_that_is_gone_cannot_be_in_a_course(reel: Reel):
    await a_course(reel)
    video = await reel.shown()
    await reel.store.delete(video, [], reel.clock.now())
    with pytest.raises(Conflict):
        await arrange(reel, "c1", video)


async def test_lists_show_each_their_own_by_title(reel: Reel):
    await a_course(reel, "c1", title="Zoology", openness=Openness.PUBLIC)
    await a_course(reel, "c2", title="algebra", openness=Openness.CAMPUS)
    await a_course(reel, "c3", title="Ärodynamics")
    await reel.courses.add_member("c3", "cyd", [], reel.clock.now())
    assert await titles(reel) == ["Zoology"]
    assert await titles(reel, campus=True, account_id="dan") == ["algebra", "Zoology"]
    everything = ["algebra", "Ärodynamics", "Zoology"]
    assert await titles(reel, campus=True, account_id="cyd") == everything
    assert await titles(reel, campus=True, account_id="ada") == everything
    assert await titles(reel, account_id="ada", only_own=True) == everything
    assert await titles(reel, account_id="cyd", only_own=True) == []
    assert await titles(reel, 1, 1, campus=True, account_id="cyd") == ["Ärodynamics"]
    assert [each.title for each in await reel.courses.some(["c1", "c2", ABSENT])] == [
        "algebra",
        "Zoology",
    ]


async def test_members_are_kept_in_their_order_and_of_no_course_is_nobody(reel: Reel):
    await a_course(reel)
    for who in ("cyd", "dan", "ben"):
        await reel.courses.add_member("c1", who, [], reel.clock.now())
    assert set(await reel.courses.members("c1")) == {"cyd", "dan", "ben"}
    assert await reel.courses.is_member("c1", "cyd")
    assert not await reel.courses.is_member("c1", "ada")
    with pytest.raises(NotFound):
        await reel.courses.add_member(ABSENT, "cyd", [], reel.clock.now())


async def test_what_somebody_has_seen_is_theirs_alone(reel: Reel):
    first, second = [(await reel.shown()).video_id for _ in range(2)]
    now = reel.clock.now()
    for _ in range(2):
        await reel.courses.mark("cyd", first, now, seen=True)
    assert await reel.courses.seen("cyd", [first, second]) == {first}
    assert await reel.courses.seen("dan", [first, second]) == set()
    await reel.courses.mark("cyd", first, now, seen=False)
    assert await reel.courses.seen("cyd", [first]) == set()


async def test_a_secret_address_is_one_for_each_and_ends(reel: Reel):
    course: Course = await a_course(reel)
    at = to_text(reel.clock.now())
    old, new = [CourseFeed("c1", "cyd", each, at) for each in ("h1", "h2")]
    for feed in (old, new):
        await reel.feeds.put(feed, [])
    assert await reel.feeds.by_hash("h1") is None
    assert await reel.feeds.by_hash("h2") == await reel.feeds.of("c1", "cyd") == new
    assert await reel.feeds.of("c1", "dan") is None
    assert await reel.feeds.remove("c1", "cyd", [])
    assert not await reel.feeds.remove("c1", "cyd", [])
    await reel.feeds.put(new, [])
    await reel.courses.delete(course, [], reel.clock.now())
    assert await reel.feeds.by_hash("h2") is None


async def test_courses_have_several_teachers_and_go_on_without_one(reel: Reel):
    course = await a_course(reel)
    now = reel.clock.now()
    taught, change = joined(course, Teacher("ben", "Ben"), Role.TEACHER, now, ADA)
    await reel.courses.save(taught, [change], now)
    assert await reel.courses.get("c1") == taught
    for who in ("ada", "ben"):
        assert await titles(reel, account_id=who, only_own=True) == ["Mechanics"]
        assert [each.course_id for each in await reel.courses.owned(who)] == ["c1"]
    assert await titles(reel, account_id="dan", everything=True) == ["Mechanics"]
    film = await reel.shown(visibility=Visibility.SHARED)
    await arrange(reel, "c1", film)
    assert (await reel.ids(campus=True, owner_id="ben"))[0] == [film.video_id]
    await CourseReactions(reel.courses, reel.clock).forget_member(
        Change("account.closed", "ada", {}, "Ada", to_text(now))
    )
    kept = await reel.courses.get("c1")
    assert kept is not None
    assert (kept.user_id, kept.owner_name, kept.others) == ("ben", "Ben", ())
    before = await grants(reel, film)
    over, change = handed_over(kept, Teacher("cyd", "Cyd"), Role.TEACHER, now, ADA)
    await reel.courses.save(over, [change], now)
    assert await grants(reel, film) > before
    assert (await reel.ids(campus=True, owner_id="ben"))[0] == []
