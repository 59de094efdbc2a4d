"""The gallery's tables in a schema of the operator's choosing (PostgreSQL)."""

import asyncio

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.schemas import SchemaTaken, is_schema, put_apart
from quadrangle.videos.model import Visibility
from tests.contracts.videos.reel import Reel

TABLES = ("video_jobs", "gallery_videos")


@pytest.fixture
async def apart(migrated_postgresql: str):
    database = Database(migrated_postgresql, schema="s458")
    yield database
    await database.close()


async def test_tables_are_moved_once_whoever_starts(apart: Database, clock: ManualClock):
    await asyncio.gather(put_apart(apart, *TABLES), put_apart(apart, *TABLES))
    reel = Reel(apart, clock, slots=2)
    video = await reel.shown(visibility=Visibility.PUBLIC)
    assert await reel.ids() == ([video.video_id], 1)
    assert await reel.ids(words=("rotation",)) == ([video.video_id], 1)
    place = await reel.store.place(video.video_id)
    assert place is not None
    assert await reel.store.count_view(video.video_id, "a", "2026-11-21T09", "2026-11-21")
    waiting = await reel.uploaded()
    assert (await reel.process(waiting.video_id)).duration == 60.0

    def looked(connection):
        found = "SELECT id, user_id, title, visibility, status, views FROM s458.gallery_videos"
        return connection.exec_driver_sql(found + " ORDER BY id").first()

    row = await apart.read(looked)
    assert tuple(row) == (video.video_id, "ada", "Rotation", "public", "ready", 1)


async def test_a_video_keeps_its_job_and_indexes_have_the_names_of_the_source(apart: Database):
    await put_apart(apart, *TABLES)

    def looked(connection):
        keys = connection.exec_driver_sql(
            "SELECT confrelid::regclass::text, confdeltype FROM pg_constraint"
            " WHERE conname = 'gallery_videos_job_id_fkey'"
        ).first()
        indexes = connection.exec_driver_sql(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'gallery_videos'"
        ).scalars()
        return tuple(keys), set(indexes)

    (table, on_delete), indexes = await apart.read(looked)
    assert (table, on_delete) == ("s458.video_jobs", "a")  # "a": a job with a video stays
    for column in ("user_id", "visibility", "status", "created_at"):
        assert f"gallery_videos_{column}_idx" in indexes


async def test_a_table_of_that_name_which_is_not_ours_is_left_alone(apart: Database):
    def taken(connection):
        connection.exec_driver_sql("CREATE SCHEMA s458")
        connection.exec_driver_sql("CREATE TABLE s458.gallery_videos (id INTEGER)")

    await apart.write(taken)
    with pytest.raises(SchemaTaken, match="gallery_videos"):
        await put_apart(apart, *TABLES)


@pytest.mark.parametrize(
    ("name", "usable"),
    [("s458", True), ("pg_catalog", False), ('a"b', False), ("", False), ("S458", False)],
)
def test_names_of_schemas(name: str, usable: bool):
    assert is_schema(name) is usable
