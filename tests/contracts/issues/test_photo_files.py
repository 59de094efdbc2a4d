"""What becomes of a photo's files when its record is not saved, or nobody knows."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from quadrangle.issues import rules
from quadrangle.issues.model import DEFAULT_CATALOG
from quadrangle.issues.photos.album import PhotoAlbum
from quadrangle.issues.ports import IssueStore
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from quadrangle.machine.files import DirectoryFiles
from quadrangle.portable.pictures.images import Picture
from quadrangle.sql.base.database import Database
from quadrangle.sql.issues.store import SqlIssueStore


class AsTheyAre:
    """Takes everything for a picture that is safe already."""

    async def re_encode(self, content: bytes, sender: str = "") -> Picture:
        return Picture(content, "image/jpeg", 1, 1, b"small", 1, 1)


class Saving:
    """A store that answers for a save with `error`, after it was done when `done`."""

    def __init__(self, store: IssueStore, error: BaseException, *, done: bool) -> None:
        self._store = store
        self._error = error
        self._done = done

    async def save(self, *arguments: Any, **named: Any) -> None:
        if self._done:
            await self._store.save(*arguments, **named)
        raise self._error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Desk:
    def __init__(self, database: Database, folder: Path, clock: ManualClock) -> None:
        self.store = SqlIssueStore(database)
        self.clock = clock
        self._folder = folder

    def album(self, store: Any = None) -> PhotoAlbum:
        files = DirectoryFiles(self._folder)
        return PhotoAlbum(store or self.store, files, AsTheyAre(), self.clock)

    async def report(self) -> str:
        new = NewReport("Network", "Library", "It is broken")
        issue, facts = rules.report(new, new_id(), DEFAULT_CATALOG, ANYONE, self.clock.now())
        return (await self.store.add(issue, facts)).issue_id

    def files(self) -> set[str]:
        found = (path for path in self._folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self._folder)) for path in found}


@pytest.fixture
def desk(sqlite_database: Database, tmp_path: Path, clock: ManualClock) -> Desk:
    return Desk(sqlite_database, tmp_path / "files", clock)


@pytest.mark.parametrize("error", [Unavailable(), asyncio.CancelledError(), RuntimeError("odd")])
async def test_a_photo_that_was_saved_though_the_answer_was_lost_has_its_files(
    desk: Desk, error: BaseException
):
    issue_id = await desk.report()
    with pytest.raises(type(error)):
        await desk.album(Saving(desk.store, error, done=True)).add(issue_id, b"picture", ANYONE)
    (photo,) = await desk.store.photos(issue_id)
    assert desk.files() == {photo.key, photo.thumbnail_key}
    shown = await desk.album().show(issue_id, photo.photo_id, thumbnail=False)
    assert shown == (photo, b"picture")


async def test_files_stay_while_the_record_may_yet_come(desk: Desk):
    issue_id = await desk.report()
    store = Saving(desk.store, Unavailable(), done=False)
    with pytest.raises(Unavailable):
        await desk.album(store).add(issue_id, b"picture", ANYONE)
    assert await desk.store.photos(issue_id) == []
    assert len(desk.files()) == 2


async def test_a_photo_that_was_surely_not_saved_leaves_no_files(desk: Desk):
    issue_id = await desk.report()
    store = Saving(desk.store, Conflict(), done=False)
    with pytest.raises(Conflict):
        await desk.album(store).add(issue_id, b"picture", ANYONE)
    assert desk.files() == set()


async def test_of_photos_that_come_at_once_those_without_room_leave_no_files(desk: Desk):
    issue_id = await desk.report()
    for n in range(rules.MAX_PHOTOS - 1):
        await desk.album().add(issue_id, b"%d" % n, ANYONE)
    late = [desk.album().add(issue_id, b"late", ANYONE) for _ in range(3)]
    results = await asyncio.gather(*late, return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in results) == 2
    photos = await desk.store.photos(issue_id)
    assert len(photos) == rules.MAX_PHOTOS
    assert desk.files() == {key for each in photos for key in (each.key, each.thumbnail_key)}
