"""What a process that was killed leaves among the files goes; what a row names stays."""

import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from quadrangle.kernel.ids import new_id
from quadrangle.machine.videos.leftovers import DirectoryFiles
from quadrangle.machine.videos.shelves import DirectoryShelves
from quadrangle.machine.videos.upload_files import DirectoryUploads
from quadrangle.sql.videos.records import SqlRecords
from quadrangle.videos.model import Caption, Redo, Status, Video
from quadrangle.videos.tidying.tidying import Tidying
from tests.contracts.videos.reel import ADA, Reel

OLD = "r-00000001"  # what Reel.shown names
HALF = "r-0123456789abcdef"
CAPTION = Caption(language="en", label="English", file="en-0123456789ab.vtt")


class Disk:
    """The files of videos, of any age."""

    def __init__(self, reel: Reel, root: Path) -> None:
        self.reel, self.root = reel, root
        self.shelves = DirectoryShelves(root)
        self.tidying = Tidying(DirectoryFiles(root), SqlRecords(reel.database), reel.clock)

    def write(self, path: str, text: str = "x") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def age(self, hours: float) -> None:
        """Have all that is there now be of some hours ago."""
        at = (self.reel.clock.now() - timedelta(hours=hours)).timestamp()
        for folder, _, names in os.walk(self.root, topdown=False):
            for name in names:
                os.utime(Path(folder, name), (at, at))
            os.utime(folder, (at, at))

    def there(self, key: str) -> set[str]:
        folder = self.root / key
        return {str(each.relative_to(folder)) for each in folder.rglob("*") if not each.is_dir()}

    async def film(self) -> Video:
        """Have a video that can be watched, with captions, and all its files."""
        video = await self.reel.shown()
        details = msgspec.structs.replace(video.details, captions=(CAPTION,))
        video = self.reel.changed(video, details=details)
        await self.reel.store.save(video, [], self.reel.clock.now())
        for name in ("original", f"{OLD}/master.m3u8", f"captions/{CAPTION.file}"):
            self.write(f"{video.key}/{name}")
        await self.reel.database.write(
            lambda c: c.exec_driver_sql("UPDATE video_jobs SET state = 'done'")
        )
        return video


@pytest.fixture
def disk(reel: Reel, tmp_path: Path) -> Disk:
    return Disk(reel, tmp_path / "videos")


async def test_what_a_kill_leaves_goes_and_what_a_row_names_stays(disk: Disk):
    video = await disk.film()
    kept = disk.there(video.key)
    for left in (f"{HALF}/v0/s1.m4s", "captions/~00ff", "captions/de-ffff00000000.vtt", "knock"):
        disk.write(f"{video.key}/{left}")
    orphan = new_id()
    for left in ("original", f"{HALF}/master.m3u8"):
        disk.write(f"{orphan}/{left}")
    disk.write("notes/of-the-operator.txt")
    assert await disk.tidying.sweep() == 0  # it may be on its way into a row
    disk.age(2)
    assert await disk.tidying.sweep() == 5
    assert disk.there(video.key) == kept
    assert not (disk.root / video.key / HALF).exists()
    assert not (disk.root / orphan).exists()
    assert (disk.root / "notes/of-the-operator.txt").exists()
    assert await disk.tidying.sweep() == 0


async def test_what_is_sent_made_or_waits_is_not_touched(disk: Disk):
    reel = disk.reel
    upload = reel.new_upload()
    await reel.uploads.add(upload, 0)
    await DirectoryUploads(disk.root, reserve=0).make(upload.upload_id, 1000)
    disk.write(f"{upload.upload_id}/held", "0")
    waits = await reel.uploaded()
    disk.write(f"{waits.key}/original")
    disk.write(f"{waits.key}/{HALF}/v0/s1.m4s")  # a try before this one
    disk.age(100)
    assert await disk.tidying.sweep() == 0
    assert disk.there(upload.upload_id) == {"original", "held"}


async def test_what_a_replaced_film_is_made_of_is_its_own(disk: Disk):
    video = await disk.film()
    source, wanted = new_id(), new_id()
    for key in (source, wanted):
        disk.write(f"{key}/original")
    details = msgspec.structs.replace(video.details, source=source, redo=Redo(source=wanted))
    await disk.reel.store.save(disk.reel.changed(video, details=details), [], disk.reel.clock.now())
    disk.age(100)
    assert await disk.tidying.sweep() == 0


async def test_a_check_names_what_is_missing_and_counts_what_is_too_much(disk: Disk):
    video, whole = await disk.film(), await disk.film()
    waits = await disk.reel.uploaded(ADA, title="Levers")
    assert waits.status is not Status.READY
    (disk.root / video.key / OLD / "master.m3u8").unlink()
    (disk.root / video.key / "captions" / CAPTION.file).unlink()
    disk.write(f"{new_id()}/original", "x" * 1_500_000)
    disk.age(2)
    told = await disk.tidying.check()
    assert told == [
        f"Video {video.video_id} (“Rotation”): its film is not on the disk.",
        f"Video {video.video_id} (“Rotation”): a file of its captions is not on the disk.",
        f"Video {waits.video_id} (“Levers”): what was uploaded is not on the disk.",
        "1 file(s) or folder(s) of videos are in no record (1.5 MB);"
        " the server removes them at its start and daily.",
    ]
    assert disk.there(whole.key)
    await disk.shelves.remove(whole.key)
    assert len(await disk.tidying.check()) == 6
