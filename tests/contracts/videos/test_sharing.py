"""Whom a video is shared with: who finds it, and what ends when they are taken off."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.videos.courses.model import Course, Openness
from quadrangle.videos.courses.reactions import CourseReactions
from quadrangle.videos.courses.rules import CourseEdit, arranged, edited, made
from quadrangle.videos.model import Video, Visibility
from quadrangle.videos.sharing.model import Audience
from quadrangle.videos.sharing.rules import shared
from tests.contracts.videos.reel import ADA, Reel

ABSENT = "00000000-0000-4000-8000-000000000000"


async def a_course(reel: Reel, name: str = "c1", **values: Any) -> Course:
    edit = CourseEdit(title=values.pop("title", "Mechanics"), **values)
    course, change = made(name, edit, reel.clock.now(), ADA)
    await reel.courses.add(course, [change])
    return course


async def arrange(reel: Reel, name: str, *videos: Video) -> Course:
    course = await reel.courses.get(name)
    assert course is not None
    numbers = [video.video_id for video in videos]
    moved, change = arranged(course, numbers, reel.clock.now(), ADA)
    await reel.courses.save(moved, [change], reel.clock.now())
    return moved


async def share(reel: Reel, video: Video, *people: str, courses: tuple[str, ...] = ()) -> Video:
    before = await reel.sharing.audience(video.video_id)
    after = Audience(people, courses)
    now = reel.clock.now()
    moved, change = shared(await reel.get(video.video_id), before, after, now, ADA)
    await reel.sharing.share(moved, before, after, [change], now)
    return moved


async def grants(reel: Reel, video: Video) -> int:
    place = await reel.store.place(video.video_id)
    assert place is not None
    return place.grants


async def listed(reel: Reel, who: str | None, *words: str) -> list[int]:
    ids, total = await reel.ids(campus=who is not None, owner_id=who, words=words)
    assert len(ids) == total
    return ids


async def reached(reel: Reel, video: Video, who: str | None) -> bool:
    reached = await reel.sharing.reached([video.video_id, 2**40], who, campus=who is not None)
    assert reached <= {video.video_id}
    return video.video_id in reached


async def test_people_named_find_it_in_lists_and_by_words_and_nobody_else(reel: Reel):
    video = await reel.shown(visibility=Visibility.SHARED)
    await share(reel, video, "cyd", "dan")
    for who in ("cyd", "dan", "ada"):
        assert await listed(reel, who) == [video.video_id]
        assert await listed(reel, who, "rotation") == [video.video_id]
    for who in ("ben", None):
        assert await listed(reel, who) == []
        assert await listed(reel, who, "rotation") == []
    assert await reached(reel, video, "cyd")
    assert not await reached(reel, video, "ben")
    assert not await reached(reel, video, None)


async def test_whoever_is_taken_off_loses_it_at_once_with_all_addresses(reel: Reel):
    video = await reel.shown(visibility=Visibility.SHARED)
    await share(reel, video, "cyd", "dan")
    before = await grants(reel, video)
    await share(reel, video, "cyd", "dan", "eve")
    assert await grants(reel, video) == before
    await share(reel, video, "cyd", "eve")
    assert await grants(reel, video) == before + 1
    assert await listed(reel, "dan") == await listed(reel, "dan", "rotation") == []
    assert not await reached(reel, video, "dan")
    assert await listed(reel, "eve") == [video.video_id]


async def test_names_count_while_it_is_shared_and_are_kept_while_it_is_not(reel: Reel):
    video = await share(reel, await reel.shown(), "cyd")
    assert await listed(reel, "cyd") == []
    for visibility, found in ((Visibility.SHARED, [video.video_id]), (Visibility.PRIVATE, [])):
        video = reel.changed(await reel.get(video.video_id), visibility=visibility)
        await reel.store.save(video, [], reel.clock.now())
        assert await listed(reel, "cyd") == await listed(reel, "cyd", "rotation") == found


async def test_sharing_over_another_change_is_a_conflict_and_saves_nothing(reel: Reel):
    video = await reel.shown(visibility=Visibility.SHARED)
    now = reel.clock.now()
    after = Audience(("cyd",))
    stale, change = shared(video, Audience(), after, now, ADA)
    await reel.store.save(reel.changed(video, title="Other"), [], now)
    with pytest.raises(Conflict):
        await reel.sharing.share(stale, Audience(), after, [change], now)
    assert await reel.sharing.audience(video.video_id) == Audience()
    with pytest.raises(NotFound):
        await share(reel, video, courses=(ABSENT,))


async def test_members_find_what_is_shared_in_their_course(reel: Reel):
    video, private = await reel.shown(visibility=Visibility.SHARED), await reel.shown()
    await a_course(reel)
    await arrange(reel, "c1", video, private)
    assert await reel.courses.add_member("c1", "cyd", [], reel.clock.now())
    assert not await reel.courses.add_member("c1", "cyd", [], reel.clock.now())
    assert await listed(reel, "cyd") == await listed(reel, "cyd", "rotation") == [video.video_id]
    assert await reached(reel, video, "cyd")
    assert not await reached(reel, video, "dan")
    before, other = await grants(reel, video), await grants(reel, private)
    assert await reel.courses.remove_member("c1", "cyd", [], reel.clock.now())
    assert not await reel.courses.remove_member("c1", "cyd", [], reel.clock.now())
    assert await listed(reel, "cyd") == await listed(reel, "cyd", "rotation") == []
    assert await grants(reel, video) == before + 1
    assert await grants(reel, private) == other


async def test_open_courses_open_what_is_shared_in_them(reel: Reel):
    video = await reel.shown(visibility=Visibility.SHARED)
    await a_course(reel)
    await arrange(reel, "c1", video)
    assert await listed(reel, None) == await listed(reel, "dan") == []
    before = await grants(reel, video)
    for openness, campus, anyone, more in (
        (Openness.CAMPUS, True, False, 0),
        (Openness.PUBLIC, True, True, 0),
        (Openness.CAMPUS, True, False, 1),
        (Openness.MEMBERS, False, False, 2),
    ):
        course = await reel.courses.get("c1")
        assert course is not None
        moved, _ = edited(course, CourseEdit(openness=openness), reel.clock.now(), ADA)
        await reel.courses.save(moved, [], reel.clock.now())
        for words in ((), ("rotation",)):
            assert await listed(reel, "dan", *words) == ([video.video_id] if campus else [])
            assert await listed(reel, None, *words) == ([video.video_id] if anyone else [])
        assert await reached(reel, video, "dan") is campus
        assert await reached(reel, video, None) is anyone
        assert await grants(reel, video) == before + more


async def test_what_leaves_a_course_or_loses_it_is_reached_no_more(reel: Reel):
    first, second = [await reel.shown(visibility=Visibility.SHARED) for _ in range(2)]
    course = await a_course(reel)
    await arrange(reel, "c1", first, second)
    await reel.courses.add_member("c1", "cyd", [], reel.clock.now())
    await arrange(reel, "c1", second)
    assert await listed(reel, "cyd") == [second.video_id]
    assert (await grants(reel, first), await grants(reel, second)) == (1, 0)
    assert await reel.courses.delete(course, [], reel.clock.now())
    assert not await reel.courses.delete(course, [], reel.clock.now())
    assert await listed(reel, "cyd") == await listed(reel, "cyd", "rotation") == []
    assert await grants(reel, second) == 1
    assert await reel.courses.members("c1") == []


async def test_what_is_shared_follows_its_times_of_publication(reel: Reel):
    video = await reel.shown(visibility=Visibility.SHARED)
    await share(reel, video, "cyd")
    until = to_text(reel.clock.now() + timedelta(hours=1))
    video = await reel.get(video.video_id)
    details = msgspec.structs.replace(video.details, unpublish_at=until)
    await reel.store.save(reel.changed(video, details=details), [], reel.clock.now())
    assert await listed(reel, "cyd") == [video.video_id]
    reel.clock.advance(timedelta(hours=2))
    assert await reel.store.reshelve(reel.clock.now()) == 1
    assert await listed(reel, "cyd") == await listed(reel, "cyd", "rotation") == []


async def test_a_deleted_video_is_in_no_course_and_names_nobody(reel: Reel):
    video, kept = await reel.shown(visibility=Visibility.SHARED), await reel.shown()
    await a_course(reel)
    await arrange(reel, "c1", video, kept)
    video = await share(reel, video, "cyd", courses=("c1",))
    await reel.courses.mark("cyd", video.video_id, reel.clock.now(), seen=True)
    assert await reel.store.delete(video, [], reel.clock.now())
    course = await reel.courses.get("c1")
    assert course is not None
    assert course.videos == (kept.video_id,)
    assert await reel.sharing.audience(video.video_id) == Audience()
    assert await reel.courses.seen("cyd", [video.video_id]) == set()


async def test_a_closed_account_is_taken_off_everything(reel: Reel):
    named, in_course = [await reel.shown(visibility=Visibility.SHARED) for _ in range(2)]
    await a_course(reel)
    await a_course(reel, "c2", title="Empty")
    await arrange(reel, "c1", in_course)
    await share(reel, named, "cyd")
    await reel.courses.add_member("c1", "cyd", [], reel.clock.now())
    await reel.courses.mark("cyd", named.video_id, reel.clock.now(), seen=True)
    (reaction,) = CourseReactions(reel.courses, reel.clock).all()
    for account in ("cyd", "ada", "ada"):
        at = to_text(reel.clock.now())
        await reaction.handle(Change("account.closed", account, {}, "Former member", at))
    assert await listed(reel, "cyd") == []
    assert (await grants(reel, named), await grants(reel, in_course)) == (1, 1)
    assert await reel.courses.seen("cyd", [named.video_id]) == set()
    course = await reel.courses.get("c1")
    assert course is not None
    assert (course.user_id, course.owner_name) == ("", "Former member")
    assert await reel.courses.get("c2") is None


async def test_an_audience_changed_in_between_is_a_conflict(reel: Reel):
    video = await reel.shown(visibility=Visibility.SHARED)
    now = reel.clock.now()
    after = Audience(("cyd",))
    moved, change = shared(video, Audience(("dan",)), after, now, ADA)
    with pytest.raises(Conflict):
        await reel.sharing.share(moved, Audience(("dan",)), after, [change], now)
    assert await reel.sharing.audience(video.video_id) == Audience()
    course = await a_course(reel)
    await share(reel, video, courses=("c1",))
    with pytest.raises(Conflict):  # who loaded the course before has an older version
        await reel.courses.save(arranged(course, [], now, ADA)[0], [], now)
