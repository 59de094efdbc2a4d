"""What a store of videos keeps, lists, finds and forgets."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.videos.gallery.search_words import words_of
from quadrangle.videos.model import Place, Video, Visibility
from quadrangle.videos.rules import CHANGED, DELETED, VideoEdit, edited, record
from tests.contracts.videos.reel import ADA, BEN, Reel


async def kinds(database: Database, video: Video) -> list[str]:
    changes = await database.read(lambda c: feed.of_subject(c, video.subject))
    return [change.kind for change in changes]


async def test_a_whole_upload_is_a_video_with_a_number_and_a_change(reel: Reel):
    first, second = await reel.uploaded(title="Größe naïve"), await reel.uploaded()
    assert 0 < first.video_id < second.video_id
    assert first.title == "Größe naïve"
    assert first.job_id is not None
    assert await kinds(reel.database, first) == ["video.uploaded"]


async def test_an_upload_becomes_one_video_however_often_its_end_is_told(reel: Reel):
    upload = reel.new_upload()
    await reel.uploads.add(upload, 0)
    video = reel.changed(await reel.uploaded(), key=upload.upload_id, video_id=0)
    ends = [reel.uploads.complete(upload.upload_id, video, []) for _ in range(5)]
    assert len(set(await asyncio.gather(*ends))) == 1
    assert (await reel.ids(owner_id="ada", only_own=True))[1] == 2


async def test_a_change_over_another_is_a_conflict_and_saves_nothing(reel: Reel):
    video = await reel.uploaded()
    mine, record_ = edited(video, VideoEdit(title="Mine"), reel.clock.now(), ADA)
    await reel.store.save(mine, [record_], reel.clock.now())
    theirs, other = edited(video, VideoEdit(title="Theirs"), reel.clock.now(), ADA)
    with pytest.raises(Conflict):
        await reel.store.save(theirs, [other], reel.clock.now())
    assert (await reel.get(video.video_id)).title == "Mine"
    assert await kinds(reel.database, video) == ["video.uploaded", CHANGED]


async def test_lists_show_each_reader_theirs_newest_first_with_totals(reel: Reel):
    public = await reel.shown(visibility=Visibility.PUBLIC)
    campus = await reel.shown(visibility=Visibility.CAMPUS)
    private = await reel.shown()
    unlisted = await reel.shown(visibility=Visibility.UNLISTED)
    waiting = await reel.uploaded(visibility=Visibility.PUBLIC)
    of_ben = await reel.shown(BEN)
    ids = [v.video_id for v in (public, campus, private, unlisted, waiting, of_ben)]
    assert await reel.ids() == ([ids[0]], 1)
    assert await reel.ids(campus=True) == ([ids[1], ids[0]], 2)
    assert await reel.ids(campus=True, owner_id="ada") == (ids[4::-1], 5)
    assert await reel.ids(campus=True, owner_id="ben") == ([ids[5], ids[1], ids[0]], 3)
    assert await reel.ids(owner_id="ada", only_own=True) == (ids[4::-1], 5)
    assert await reel.ids(offset=2, limit=2, campus=True, owner_id="ada") == (ids[2:0:-1], 5)
    assert await reel.ids(offset=9, campus=True, owner_id="ada") == ([], 5)


async def test_totals_follow_what_is_changed_and_deleted(reel: Reel):
    video = await reel.shown(visibility=Visibility.PUBLIC)
    private = reel.changed(video, visibility=Visibility.PRIVATE)
    await reel.store.save(private, [], reel.clock.now())
    assert await reel.ids() == ([], 0)
    assert await reel.ids(owner_id="ada") == ([video.video_id], 1)
    assert await reel.store.delete(private, [], reel.clock.now())
    assert await reel.ids(owner_id="ada") == ([], 0)


async def test_words_are_found_by_title_then_description_by_whoever_may(reel: Reel):
    described = await reel.shown(
        title="Mechanics 3", description="About rotation", visibility=Visibility.PUBLIC
    )
    titled = await reel.shown(title="Rotation of bodies", visibility=Visibility.PUBLIC)
    await reel.shown(title="Rotation, in private")
    of_campus = await reel.shown(title="Größe: rotátion", visibility=Visibility.CAMPUS)

    async def found(text: str, **query: object) -> tuple[list[int], int]:
        return await reel.ids(words=words_of(text), **query)

    assert await found("rotation") == ([titled.video_id, described.video_id], 2)
    assert await found("ROTA") == ([titled.video_id, described.video_id], 2)
    assert (await found("rotation", campus=True))[1] == 3
    assert (await found("rotation", campus=True, owner_id="ada"))[1] == 4
    assert (await found("rotation", owner_id="ben"))[1] == 2
    assert await found("größe", campus=True) == ([of_campus.video_id], 1)
    assert await found("rotation bodies") == ([titled.video_id], 1)
    assert await found("zqspublic") == ([], 0)
    assert (await found("rotation", owner_id="ada", only_own=True))[1] == 4


@pytest.mark.parametrize("text", ["'", '" OR 1', "a' & | !", "NEAR(", "* : -", "\\"])
async def test_signs_of_query_languages_are_no_words(reel: Reel, text: str):
    await reel.shown(title="a or near 1", visibility=Visibility.PUBLIC)
    words = words_of(text)
    if words:
        await reel.ids(words=words)


async def test_changed_words_are_found_and_old_ones_are_not(reel: Reel):
    video = await reel.shown(title="Old", visibility=Visibility.PUBLIC)
    await reel.store.save(reel.changed(video, title="New"), [], reel.clock.now())
    assert (await reel.ids(words=("old",)))[1] == 0
    assert (await reel.ids(words=("new",)))[1] == 1


async def test_lists_follow_times_of_publication(reel: Reel):
    now = reel.clock.now()
    video = await reel.shown(visibility=Visibility.PUBLIC)
    details = msgspec.structs.replace(
        video.details,
        publish_at=to_text(now + timedelta(hours=1)),
        unpublish_at=to_text(now + timedelta(hours=2)),
    )
    await reel.store.save(reel.changed(video, details=details), [], now)
    assert (await reel.ids())[1] == 0
    for shown in (1, 0):
        reel.clock.advance(timedelta(minutes=61))
        assert await reel.store.reshelve(reel.clock.now()) == 1
        assert await reel.store.reshelve(reel.clock.now()) == 0
        assert (await reel.ids())[1] == shown


async def test_a_deleted_video_leaves_no_row_and_a_job_that_removes_its_files(reel: Reel):
    video = await reel.shown()
    await reel.store.count_view(video.video_id, "viewer", "2026-11-21T09", "2026-11-21")
    gone = record(DELETED, video, reel.clock.now(), ADA)
    assert await reel.store.delete(video, [gone], reel.clock.now())
    assert not await reel.store.delete(video, [gone], reel.clock.now())
    assert await reel.store.get(video.video_id) is None
    assert await reel.store.place(video.video_id) is None
    assert (await reel.ids(words=("rotation",), owner_id="ada"))[1] == 0

    def left(connection):
        jobs = connection.exec_driver_sql("SELECT function, payload FROM jobs").all()
        views = connection.exec_driver_sql("SELECT count(*) FROM video_views").scalar()
        return [tuple(job) for job in jobs], views

    jobs, views = await reel.database.read(left)
    assert views == 0
    assert [job for job in jobs if video.key in job[1]] == [
        ("video.remove", f'{{"key":"{video.key}"}}')
    ]
    assert (await reel.uploaded()).video_id > video.video_id


async def test_the_place_of_media_is_up_to_date(reel: Reel):
    video = await reel.shown()
    place = await reel.store.place(video.video_id)
    assert place == Place(video.key, "r-00000001", 0)
    details = msgspec.structs.replace(video.details, grants=3)
    await reel.store.save(reel.changed(video, details=details), [], reel.clock.now())
    assert await reel.store.place(video.video_id) == Place(video.key, "r-00000001", 3)
    assert await reel.store.place(2**62) is None
    assert await reel.store.get(2**80) is None


async def test_a_viewer_counts_once_an_hour(reel: Reel):
    video = await reel.shown()
    one = [
        reel.store.count_view(video.video_id, "a", "2026-11-21T09", "2026-11-21") for _ in range(5)
    ]
    assert sum(await asyncio.gather(*one)) == 1
    assert await reel.store.count_view(video.video_id, "b", "2026-11-21T09", "2026-11-21")
    assert await reel.store.count_view(video.video_id, "a", "2026-11-21T10", "2026-11-21")
    assert (await reel.get(video.video_id)).views == 3
    await reel.store.forget_views("2026-11-21T10")
    assert await reel.store.count_view(video.video_id, "b", "2026-11-21T09", "2026-11-21")
