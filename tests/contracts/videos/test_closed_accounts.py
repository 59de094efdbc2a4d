"""What is left of somebody's videos when their account is closed."""

from pathlib import Path

import msgspec
import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.machine.videos.upload_files import DirectoryUploads
from quadrangle.sql.videos.tables import gallery_videos, video_jobs, video_uploads
from quadrangle.videos.model import Video
from quadrangle.videos.processing.rules import failed
from quadrangle.videos.reactions import VideoReactions
from quadrangle.videos.rules import may_change
from quadrangle.videos.sharing.model import Audience
from quadrangle.videos.sharing.rules import shared
from tests.contracts.videos.reel import ADA, BEN, Reel, Visibility

SEEN = [Visibility.CAMPUS, Visibility.UNLISTED, Visibility.PUBLIC]


async def close(reel: Reel) -> None:
    links, sharing = reel.shared_links, reel.sharing
    reactions = VideoReactions(reel.store, reel.uploads, links, sharing, reel.clock)
    (reaction,) = reactions.all()
    closed = Change("account.closed", "ada", {}, "Former member", to_text(reel.clock.now()))
    assert reaction.answers_to(closed)
    for _ in range(2):  # it may be called again
        await reaction.handle(closed)


async def removals(reel: Reel) -> str:
    """Return the payloads of all jobs that remove files."""
    query = "SELECT payload FROM jobs WHERE function = 'video.remove'"
    found = await reel.database.read(lambda c: c.exec_driver_sql(query).scalars().all())
    return " ".join(found)


@pytest.mark.parametrize("visibility", SEEN)
async def test_what_others_may_see_plays_on_without_a_name(reel: Reel, visibility: Visibility):
    video = await reel.shown(visibility=visibility, filename="ada.mp4")
    place = await reel.store.place(video.video_id)
    await close(reel)
    after = await reel.get(video.video_id)
    assert (after.user_id, after.details.owner_name) == ("", "Former member")
    assert after.details.filename == ""
    assert not may_change(after, ADA)
    assert await reel.store.place(video.video_id) == place
    assert video.key not in await removals(reel)


async def test_what_is_shared_stays_for_those_it_is_shared_with(reel: Reel):
    named, of_nobody = [await reel.shown(visibility=Visibility.SHARED) for _ in range(2)]
    after = Audience(people=("ben",))
    moved, change = shared(named, Audience(), after, reel.clock.now(), ADA)
    await reel.sharing.share(moved, Audience(), after, [change], reel.clock.now())
    await close(reel)
    assert await reel.ids(campus=True, owner_id="ben") == ([named.video_id], 1)
    assert (await reel.get(named.video_id)).user_id == ""
    assert await reel.store.get(of_nobody.video_id) is None


async def test_lists_and_totals_know_the_owner_no_more(reel: Reel):
    for visibility in SEEN:
        await reel.shown(visibility=visibility)
    await close(reel)
    assert await reel.ids(owner_id="ada", only_own=True) == ([], 0)
    assert (await reel.ids(owner_id="ada"))[1] == (await reel.ids())[1] == 1
    assert (await reel.ids(owner_id="ada", words=("rotation",)))[1] == 1


async def test_what_nobody_else_may_see_is_deleted_with_its_files(reel: Reel):
    private = await reel.shown()
    unready = await reel.uploaded(visibility=Visibility.PUBLIC)
    broken, _ = failed(unready, "It cannot be read.", reel.clock.now(), may_pass=False)
    await reel.store.save(broken, [], reel.clock.now())
    await close(reel)
    for video in (private, broken):
        assert await reel.store.get(video.video_id) is None
        assert video.key in await removals(reel)


async def test_uploads_end_with_their_files(reel: Reel, tmp_path: Path):
    files = DirectoryUploads(tmp_path, reserve=0)
    upload, other = reel.new_upload(), reel.new_upload(BEN)
    for each in (upload, other):
        await reel.uploads.add(each, 0)
        await files.make(each.upload_id, each.size)
    await close(reel)
    assert await reel.uploads.get(upload.upload_id) is None
    assert upload.upload_id in await removals(reel)
    assert await reel.uploads.get(other.upload_id) == other
    assert other.upload_id not in await removals(reel)


async def test_no_row_names_who_it_was(reel: Reel):
    person = msgspec.structs.replace(ADA, name="Ada Lovelace")
    waiting = await reel.uploaded(person, visibility=Visibility.CAMPUS)
    await reel.shown(person, visibility=Visibility.PUBLIC)
    await reel.shown(person)
    of_ben: Video = await reel.shown(BEN)
    await reel.uploads.add(reel.new_upload(person), 0)
    await close(reel)
    for table in (gallery_videos, video_uploads, video_jobs):
        rows = await reel.database.read(lambda c, t=table: c.execute(t.select()).all())
        assert not [row for row in rows if "Lovelace" in str(row) or "'ada'" in str(row)]
    assert (await reel.get(of_ben.video_id)).user_id == "ben"
    await reel.process(waiting.video_id)
    assert (await reel.get(waiting.video_id)).details.owner_name == "Former member"
