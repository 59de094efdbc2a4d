"""What is known of uploads."""

from datetime import timedelta

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import TooLarge
from quadrangle.videos.uploads.rules import video_of
from tests.contracts.videos.reel import BEN, Reel


async def test_a_quota_counts_videos_and_uploads_of_one_account(reel: Reel):
    await reel.uploaded(size=400)
    await reel.uploads.add(reel.new_upload(size=500), 1000)
    with pytest.raises(TooLarge) as caught:
        await reel.uploads.add(reel.new_upload(size=101), 1000)
    assert "Please delete some first" in caught.value.message
    await reel.uploads.add(reel.new_upload(size=100), 1000)
    await reel.uploads.add(reel.new_upload(BEN, size=1000), 1000)
    assert await reel.uploads.used("ada") == 1000
    await reel.uploads.add(reel.new_upload(size=10**12), 0)


async def test_unfinished_ones_are_listed_prolonged_and_forgotten(reel: Reel):
    upload = reel.new_upload(title="Later")
    await reel.uploads.add(upload, 0)
    until = to_text(reel.clock.now() + timedelta(hours=48))
    await reel.uploads.prolong(upload.upload_id, until)
    (found,) = await reel.uploads.unfinished("ada")
    assert (found.title, found.expires_at) == ("Later", until)
    assert await reel.uploads.unfinished("ben") == []
    assert await reel.uploads.remove(upload.upload_id, reel.clock.now())
    assert not await reel.uploads.remove(upload.upload_id, reel.clock.now())
    assert await reel.uploads.get(upload.upload_id) is None


async def test_a_whole_one_knows_its_video_until_it_is_forgotten(reel: Reel):
    video = await reel.uploaded()
    known = await reel.uploads.get(video.key)
    assert known is not None
    assert known.video_id == video.video_id
    assert not await reel.uploads.remove(video.key, reel.clock.now())
    assert await reel.uploads.unfinished("ada") == []
    await reel.uploads.forget_whole(to_text(reel.clock.now()))
    assert await reel.uploads.get(video.key) is not None
    await reel.uploads.forget_whole(to_text(reel.clock.now() + timedelta(hours=25)))
    assert await reel.uploads.get(video.key) is None
    assert await reel.store.get(video.video_id) is not None


async def test_an_upload_that_was_removed_becomes_no_video(reel: Reel):
    upload = reel.new_upload()
    assert (
        await reel.uploads.complete(upload.upload_id, video_of(upload, reel.clock.now()), [])
        is None
    )


async def test_all_that_wait_are_walked_through(reel: Reel):
    ids = set()
    for _ in range(5):
        upload = reel.new_upload()
        await reel.uploads.add(upload, 0)
        ids.add(upload.upload_id)
    found, after = [], ""
    while some := await reel.uploads.waiting(2, after):
        found += [each.upload_id for each in some]
        after = some[-1].upload_id
    assert found == sorted(ids)
