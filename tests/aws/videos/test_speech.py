"""Captions by a model on AWS: off unless an operator asks for them, then made by workers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from quadrangle.hosts.lambdas.base.environment import read_environment
from quadrangle.hosts.workers.videos import listening_of
from quadrangle.kernel.errors import Unavailable
from quadrangle.videos.jobs import LISTEN
from quadrangle.videos.speech.model import Heard, Word
from tests.aws.videos.studio import FILM, Programs, Studio, clients_of, made_ready, uploaded
from tests.standin.server import StandIn


class Ear:
    """Hears two words in the sound of a film, or fails."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.heard: list[bytes] = []

    async def lacking(self) -> str:
        return ""

    async def languages(self) -> tuple[str, ...] | None:
        return ("en",)

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        if self.failure:
            raise self.failure
        self.heard.append(await asyncio.to_thread(sound.read_bytes))
        return Heard(language or "en", (Word(0.0, 0.5, " The"), Word(0.5, 1.5, " axis.")))


@pytest.fixture
async def hearing(
    standin: StandIn, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Studio]:
    """An installation that makes captions in English."""
    with clients_of(standin, monkeypatch):
        made = Studio(standin, postgres_url, tmp_path, speech="en")
        await made.tending.prepare()
        yield made
        await made.cloud.database.close()


async def captions_of(person: httpx.AsyncClient, video_id: int) -> dict[str, Any]:
    return (await person.get(f"/api/gallery/videos/{video_id}/captions")).json()


async def test_a_video_that_became_ready_is_listened_to_by_a_worker(hearing: Studio) -> None:
    ear = Ear()
    async with hearing.person() as ada:
        video_id = await made_ready(hearing, ada)
        for _ in range(2):  # follows that it is ready, and then calls a worker
            await hearing.tending.tend()
        assert hearing.calls() == 1
        assert (await captions_of(ada, video_id))["speech"]["state"] == "waiting"
        async with hearing.working(Programs(), "two", ear) as worker:
            assert await worker.take_one()
        assert ear.heard == [b"sound"]
        (caption,) = (await captions_of(ada, video_id))["captions"]
        assert (caption["language"], caption["automatic"]) == ("en", True)
        lines = await ada.get(f"/api/gallery/videos/{video_id}/captions/en")
        assert lines.json()["cues"][0]["text"] == "The axis."
        found = await ada.get("/api/gallery/videos", params={"search": "axis"})
        assert [each["id"] for each in found.json()["videos"]] == [video_id]
    assert hearing.calls() == 0
    assert not any((hearing.work / "two").iterdir())


async def test_films_come_first(hearing: Studio) -> None:
    ear = Ear()
    async with hearing.person() as ada:
        video_id = await made_ready(hearing, ada)
        for _ in range(2):
            await hearing.tending.tend()
        other = await uploaded(ada, FILM)
        async with hearing.working(Programs(), "two", ear) as worker:
            assert await worker.take_one()  # the captions' call comes first, and is put off
            assert ear.heard == []
            await hearing.cloud.call_workers()
            assert await worker.take_one()
        shown = await ada.get(f"/api/gallery/videos/{other}")
        assert shown.json()["status"] == "ready"
    assert await hearing.cloud.jobs.wait(f"{LISTEN}:{video_id}") is not None


async def test_an_owner_is_told_when_nothing_could_be_heard(hearing: Studio) -> None:
    ear = Ear()
    ear.failure = Unavailable("No memory.")
    async with hearing.person() as ada:
        video_id = await made_ready(hearing, ada)
        for _ in range(2):
            await hearing.tending.tend()
        async with hearing.working(Programs(), "two", ear) as worker:
            assert await worker.take_one()
            assert (await captions_of(ada, video_id))["speech"]["state"] in ("waiting", "working")
        given_up = await ada.delete(f"/api/gallery/videos/{video_id}/speech")
        assert given_up.status_code == 204
    assert await hearing.cloud.jobs.wait(f"{LISTEN}:{video_id}") is None
    assert not any((hearing.work / "two").iterdir())


async def test_without_the_setting_nobody_is_called(studio: Studio) -> None:
    async with studio.person() as ada:
        video_id = await made_ready(studio, ada)
        for _ in range(2):
            await studio.tending.tend()
        assert studio.calls() == 0
        told = (await captions_of(ada, video_id))["speech"]
        assert "No captions are made by themselves" in told["refusal"]
        path = f"/api/gallery/videos/{video_id}/speech"
        assert (await ada.post(path, json={})).status_code == 503
    assert listening_of({}, studio.cloud) == {}
    assert set(listening_of({"QUADRANGLE_VIDEO_SPEECH_LANGUAGE": "en"}, studio.cloud)) == {LISTEN}
    assert read_environment({"QUADRANGLE_PREFIX": "t-"}).video_speech_language == ""
