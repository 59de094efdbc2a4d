"""Captions that were acknowledged stay, whoever else puts some at the same time."""

import asyncio
import threading
from pathlib import Path

import pytest

from quadrangle.machine.videos.shelves import DirectoryShelves
from quadrangle.videos.captions.captions import Captions
from quadrangle.videos.captions.cue_rules import Cue, read
from quadrangle.videos.model import Video
from tests.contracts.videos.reel import ADA, Reel

ONE, OTHER = (f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n".encode() for text in ("One", "Other"))


class HeldShelves(DirectoryShelves):
    """Stops a request right after it wrote captions that begin so, until it is let go on."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.stops = ""
        self.stopped, self.go_on = asyncio.Event(), asyncio.Event()

    async def write_caption(self, key: str, name: str, content: bytes) -> None:
        await super().write_caption(key, name, content)
        if self.stops and name.startswith(self.stops):
            self.stops = ""
            self.stopped.set()
            await self.go_on.wait()


@pytest.fixture
def shelves(tmp_path: Path) -> HeldShelves:
    return HeldShelves(tmp_path)


@pytest.fixture
def captions(reel: Reel, shelves: HeldShelves) -> Captions:
    return Captions(reel.gallery(shelves), shelves, reel.clock)


@pytest.fixture
async def video(reel: Reel, shelves: HeldShelves) -> Video:
    made = await reel.shown()
    (await shelves.original(made.key)).parent.mkdir()
    return made


def texts(video: Video, shelves: HeldShelves) -> dict[str, str]:
    """Return the words of each language by what the row says of its file."""
    return {
        each.language: shelves.caption(video.key, each.file).read_text().split()[-1]
        for each in video.details.captions
    }


async def test_another_language_meanwhile_takes_nothing_away(
    reel: Reel, captions: Captions, shelves: HeldShelves, video: Video
):
    shelves.stops = "de-"
    slow = asyncio.create_task(captions.put(video.video_id, "de", "", ONE, ADA))
    await shelves.stopped.wait()
    await captions.put(video.video_id, "en", "", OTHER, ADA)
    shelves.go_on.set()
    await slow
    assert texts(await reel.get(video.video_id), shelves) == {"de": "One", "en": "Other"}


async def test_the_same_text_again_while_it_is_replaced_is_kept(
    reel: Reel, captions: Captions, shelves: HeldShelves, video: Video
):
    await captions.put(video.video_id, "en", "", ONE, ADA)
    shelves.stops = "en-"
    again = asyncio.create_task(captions.put(video.video_id, "en", "", ONE, ADA))
    await shelves.stopped.wait()
    await captions.put(video.video_id, "en", "", OTHER, ADA)
    shelves.go_on.set()
    await again
    assert texts(await reel.get(video.video_id), shelves) == {"en": "One"}


async def test_a_language_is_the_same_however_it_is_written(
    reel: Reel, captions: Captions, shelves: HeldShelves, video: Video
):
    await captions.put(video.video_id, "en-GB", "", ONE, ADA)
    await captions.put(video.video_id, "EN-gb", "", OTHER, ADA)
    assert texts(await reel.get(video.video_id), shelves) == {"EN-gb": "Other"}
    await captions.remove(video.video_id, "En-Gb", ADA)
    assert (await reel.get(video.video_id)).details.captions == ()


async def test_others_are_served_while_a_file_is_read(
    captions: Captions, video: Video, monkeypatch: pytest.MonkeyPatch
):
    threads: list[threading.Thread] = []

    def noted(content: bytes) -> list[Cue]:
        threads.append(threading.current_thread())
        return read(content)

    monkeypatch.setattr("quadrangle.videos.captions.captions.read", noted)
    await captions.put(video.video_id, "en", "", ONE, ADA)
    assert threads
    assert threading.current_thread() not in threads


async def test_what_was_replaced_or_taken_away_leaves_no_file(
    captions: Captions, shelves: HeldShelves, video: Video
):
    await captions.put(video.video_id, "en", "", ONE, ADA)
    await captions.put(video.video_id, "en", "", OTHER, ADA)
    await captions.put(video.video_id, "de", "", ONE, ADA)
    folder = (await shelves.original(video.key)).parent / "captions"
    assert len(list(folder.iterdir())) == 2
    await captions.remove(video.video_id, "en", ADA)
    await captions.remove(video.video_id, "de", ADA)
    assert list(folder.iterdir()) == []
