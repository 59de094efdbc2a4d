"""What crashes leave in the bucket goes; what a row names stays."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from quadrangle.aws.videos.leftovers import S3Files
from quadrangle.kernel.clock import Clock, ManualClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.videos.records import SqlRecords
from quadrangle.videos.jobs import TIDY
from quadrangle.videos.tidying.tidying import EVERY, SOON, Tidying, TidyingByTurns
from tests.aws.videos.studio import FILM, Studio, made_ready, uploaded

HALF = "r-0123456789abcdef"


@pytest.fixture
def later() -> ManualClock:
    """Two hours from now: what was written until then is settled."""
    return ManualClock(datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2))


def tidying(studio: Studio, clock: Clock) -> Tidying:
    return Tidying(S3Files(studio.cloud.objects), SqlRecords(studio.cloud.database), clock)


def put(studio: Studio, *names: str) -> None:
    for name in names:
        studio.s3.put_object(Bucket=studio.bucket, Key=name, Body=b"x")


async def test_what_a_machine_that_died_leaves_goes(studio: Studio, later: ManualClock) -> None:
    async with studio.person() as ada:
        video_id = await made_ready(studio, ada)
        waits = await uploaded(ada, FILM)
        said = b"WEBVTT\n\n00:01.000 --> 00:02.000\nThe axis\n"
        path = f"/api/gallery/videos/{video_id}"
        assert (await ada.put(f"{path}/captions/en", content=said)).status_code == 200
        key, waiting = [
            (await ada.get(f"/api/gallery/videos/{each}")).json()["s3_key"].removeprefix("videos/")
            for each in (video_id, waits)
        ]
    kept, orphan = set(studio.objects()), new_id()
    put(
        studio,
        f"media/{key}/{HALF}/master.m3u8",
        f"media/files/{key}/{HALF}/audio.m4a",
        f"media/{key}/captions/de-ffff00000000.vtt",
        f"originals/{orphan}",
        f"media/{orphan}/{HALF}/v0-1.m4s",
        "media/notes-of-the-operator.txt",
    )
    assert await tidying(studio, studio.cloud.clock).sweep() == 0  # it may yet become a row's
    assert await tidying(studio, later).sweep() == 3
    assert set(studio.objects()) == {*kept, "media/notes-of-the-operator.txt"}
    put(studio, f"media/{waiting}/{HALF}/v0-1.m4s")  # of a try that somebody may still make
    assert await tidying(studio, later).sweep() == 0
    assert await tidying(studio, later).check() == []


async def test_it_goes_on_by_turns_and_begins_again_a_day_later(
    studio: Studio, later: ManualClock
) -> None:
    await studio.tending.prepare()
    orphans = sorted(new_id() for _ in range(3))
    put(studio, *(f"originals/{each}" for each in orphans))
    jobs = SqlJobs(studio.cloud.database, later)
    turns = TidyingByTurns(tidying(studio, later), jobs, later, at_once=2)
    waits: list[tuple[dict[str, object], timedelta]] = []
    payload: dict[str, object] = {}
    for _ in range(3):
        await turns.handle(Job("1", TIDY, payload, 1, later.now()))
        payload, due = await waiting(studio)
        waits.append((payload, due - later.now()))
    assert waits == [
        ({"after": orphans[1]}, SOON),
        ({"after": orphans[2]}, SOON),
        ({"after": ""}, EVERY),
    ]
    assert studio.objects() == []


async def test_who_looks_after_videos_tidies_daily(studio: Studio) -> None:
    put(studio, f"originals/{new_id()}")
    now = datetime.now(UTC)
    await studio.tending.tend()
    payload, due = await waiting(studio)
    assert payload["after"]  # there was one, so that there may be more
    for _ in range(2):
        await studio.tending.tend()  # nothing is begun anew meanwhile
    assert await waiting(studio) == (payload, due)
    assert due > now
    assert len(studio.objects()) == 1


async def waiting(studio: Studio) -> tuple[dict[str, object], datetime]:
    """Return what the next part is to do, and when."""
    query = "SELECT payload, run_at FROM jobs WHERE name = 'video.tidy' AND state = 'ready'"
    ((payload, at),) = await studio.cloud.database.read(
        lambda connection: connection.exec_driver_sql(query).all()
    )
    return json.loads(payload), datetime.fromtimestamp(at / 1000, UTC)
