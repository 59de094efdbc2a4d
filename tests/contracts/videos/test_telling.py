"""Letters to those with whom somebody shares a video: once for each, one letter for several."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.jobs import Job
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import Role
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.tables import jobs
from quadrangle.sql.videos.told import SqlToldStore
from quadrangle.videos.jobs import TELL
from quadrangle.videos.model import Video, Visibility
from quadrangle.videos.processing.rules import ready
from quadrangle.videos.rules import READY, VideoEdit, edited, record
from quadrangle.videos.telling.telling import Telling
from tests.contracts.videos.post import Post
from tests.contracts.videos.reel import ADA, PROBE, RENDERED, Reel
from tests.contracts.videos.test_sharing import share


class Directory:
    """People with open accounts."""

    def __init__(self) -> None:
        self.open = {
            each: (each, each.title(), f"{each}@campus.example") for each in ("cyd", "dan")
        }

    async def by_email(self, email: str) -> tuple[str, str, str] | None:
        return self.open.get(email.partition("@")[0])

    async def named(self, account_ids: Sequence[str]) -> list[tuple[str, str, str]]:
        return [self.open[each] for each in account_ids if each in self.open]

    async def who_is(self, account_id: str) -> tuple[str, Role] | None:
        found = self.open.get(account_id)
        return (found[1], Role.STUDENT) if found else None


class Office:
    def __init__(self, reel: Reel) -> None:
        self.reel, self.people, self.post = reel, Directory(), Post()
        self.telling = Telling(
            SqlToldStore(reel.database),
            reel.store,
            reel.sharing,
            self.people,
            self.post,
            SqlJobs(reel.database, reel.clock),
            reel.clock,
            "https://campus.example/",
        )

    async def film(self, title: str = "Levers") -> Video:
        return await self.reel.shown(visibility=Visibility.SHARED, title=title)

    async def share(self, video: Video, *people: str) -> None:
        await share(self.reel, video, *people)
        change = record("video.shared", video, self.reel.clock.now(), ADA)
        for _ in range(2):  # as often as it is heard
            await self.telling.follow(change)

    async def deliver(self) -> list[Mail]:
        """Have all that is due be written."""
        self.reel.clock.advance(timedelta(minutes=3))
        for account_id in ("ben", "cyd", "dan"):
            job = Job("1", TELL, {"accountId": account_id}, 1, self.reel.clock.now())
            await self.telling.tell(job)
        return self.post.taken()

    async def put(self) -> int:
        query = select(jobs.c.name).where(jobs.c.function == TELL)
        return len(await self.reel.database.read(lambda c: c.execute(query).all()))


@pytest.fixture
def office(reel: Reel) -> Office:
    return Office(reel)


async def test_each_person_has_one_letter_about_a_video(office: Office):
    video = await office.film()
    await office.share(video, "cyd", "dan")
    assert await office.put() == 2
    first, second = await office.deliver()
    assert {first.to, second.to} == {"cyd@campus.example", "dan@campus.example"}
    assert first.subject == "Shared with you: Levers"
    for body in (first.text, first.html):
        assert f"https://campus.example/video?id={video.video_id}" in body
        assert "Levers" in body
    await office.share(video, "cyd")
    await office.share(video, "cyd", "dan")
    assert await office.deliver() == []


async def test_several_videos_come_in_one_letter(office: Office):
    for title in ("Levers", "<b>Gears</b>", "www.evil.example"):
        await office.share(await office.film(title), "cyd")
    (mail,) = await office.deliver()
    assert mail.subject == "3 videos were shared with you"
    assert "&lt;b&gt;Gears" in mail.html
    assert "www.evil.example" not in mail.text  # nothing in it is a link but ours
    assert mail.text.count("https://campus.example/video?id=") == 3


async def test_nobody_is_told_who_cannot_watch(office: Office):
    reel, video = office.reel, await office.film()
    await office.share(video, "cyd", "dan", "ada")
    del office.people.open["dan"]  # disabled meanwhile
    await share(reel, video)  # and taken off
    assert await office.deliver() == []
    office.people.open["dan"] = ("dan", "Dan", "dan@campus.example")
    await office.share(video, "dan")
    assert [each.to for each in await office.deliver()] == ["dan@campus.example"]


async def test_what_is_not_ready_or_not_published_is_told_when_it_is(office: Office):
    reel = office.reel
    later = to_text(reel.clock.now() + timedelta(days=1))
    video = await office.film()
    now = reel.clock.now()
    changed, change = edited(video, VideoEdit(publish_at=later), now, ADA)
    await reel.store.save(changed, [change], now)
    await office.share(changed, "cyd")
    assert await office.deliver() == []
    assert await office.put() == 1
    reel.clock.advance(timedelta(days=1))
    assert len(await office.deliver()) == 1
    waits = await reel.uploaded(visibility=Visibility.SHARED, title="Gears")
    await office.share(waits, "cyd")
    assert await office.deliver() == []
    shared_now = await reel.get(waits.video_id)
    made, _ = ready(shared_now, PROBE, RENDERED, "r-00000001", reel.clock.now())
    await reel.store.save(made, [], reel.clock.now())
    await office.telling.follow(record(READY, made, reel.clock.now(), ADA))
    assert [each.subject for each in await office.deliver()] == ["Shared with you: Gears"]
