"""Letters about videos on AWS: to those with whom one is shared, and to whom one was taken down."""

from datetime import timedelta

import pytest

from quadrangle.videos.telling import telling
from tests.aws.videos.studio import Studio, made_ready


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shared does not wait for more that is shared."""
    monkeypatch.setattr(telling, "GATHERED", timedelta(0))


async def test_who_a_video_is_shared_with_is_told_once(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("ben") as ben:
        video_id = await made_ready(studio, ada, visibility="shared")
        video, bens = (
            f"/api/gallery/videos/{video_id}",
            {"people": ["ben@campus.example"], "courses": []},
        )
        named = await ada.put(f"{video}/sharing", json=bens)
        assert named.status_code == 200, named.text
        for _ in range(3):  # follows what changed, and then writes
            await studio.tending.tend()
        (letter,) = studio.mail.mails.values()
        assert letter.to == "ben@campus.example"
        assert f"/video?id={video_id}" in letter.text
        assert (await ben.get(video)).status_code == 200


async def test_the_owner_is_told_why_staff_took_a_video_down(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("staff") as staff:
        video_id = await made_ready(studio, ada, visibility="campus")
        why = {"reason": "It shows somebody who does not want to be shown."}
        taken = await staff.post(f"/api/gallery/videos/{video_id}/take-down", json=why)
        assert taken.status_code == 200, taken.text
        for _ in range(2):
            await studio.tending.tend()
        (letter,) = studio.mail.mails.values()
        assert letter.to == "ada@campus.example"
        assert why["reason"] in letter.text
