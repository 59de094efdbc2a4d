"""The video service as one machine puts it together, for being compared with that of AWS."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, cast

import httpx

from quadrangle.hosts.lambdas.videos.elsewhere import NobodyHears
from quadrangle.hosts.one_machine.opening import open_data
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.hosts.one_machine.videos import VideosHost
from quadrangle.hosts.shared.http_app import build_app
from quadrangle.hosts.shared.mounts import with_mounts
from quadrangle.http.access_log import AccessLog
from quadrangle.kernel.films import FilmSource
from quadrangle.kernel.mail import MailQueue
from quadrangle.sql.feed.requests import JobRequests
from quadrangle.sql.jobs.picked import PickedJobs
from quadrangle.videos.processing.working import POLICY
from tests.aws.videos.studio import (
    FILM,
    PAGES,
    Passwords,
    Programs,
    Residents,
    Studio,
    common,
    made_ready,
)


class Wing(Protocol):
    """Where the service runs."""

    def person(self, token: str = "ada") -> httpx.AsyncClient: ...

    async def ready(self, **given: str) -> int:
        """Have a film of Ada's be uploaded and processed; return the number of its video."""
        ...

    async def begun(self) -> str:
        """Have an upload of Ada's begin; return its id."""
        ...


class OnAws:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.person = studio.person

    async def ready(self, **given: str) -> int:
        async with self.person() as ada:
            return await made_ready(self._studio, ada, **given)

    async def begun(self) -> str:
        async with self.person() as ada:
            return (await ada.post("/api/uploads", json={"size": 3})).json()["uploadId"]


class OnOneMachine:
    def __init__(self, parts: MachineParts) -> None:
        # no meeting is recorded, and nobody gets mail
        films, mail = cast(FilmSource, None), cast(MailQueue, None)
        self._host = VideosHost(
            parts, Residents(), Passwords(), films, mail, Programs(), NobodyHears()
        )
        self._jobs = PickedJobs(parts.following, parts.clock, POLICY)
        self._requests = JobRequests(parts.database, parts.following)
        shared, host = common(), self._host
        self.mounts = host.mounts(shared)
        app = build_app(
            [host.http(shared)],
            shared,
            access_log=AccessLog(gathered=False),
            front=lambda app: with_mounts(app, self.mounts, host.aliases()),
        )
        self._transport = httpx.ASGITransport(app=app)

    def person(self, token: str = "ada") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(transport=self._transport, base_url=PAGES, headers=headers)

    async def ready(self, **given: str) -> int:
        upload = await self._sent(FILM, len(FILM), given)
        handlers = {name: task.handle for name, task in self._host.tasks().items()}
        while await self._requests.catch_up() + await self._jobs.run_due(handlers, 20):
            pass
        async with self.person() as ada:
            return (await ada.get(f"/api/uploads/{upload}")).json()["videoId"]

    async def begun(self) -> str:
        return await self._sent(b"", 3, {})

    async def _sent(self, film: bytes, size: int, given: dict[str, str]) -> str:
        named = [
            f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in given.items()
        ]
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size)}
        if named:
            tus["Upload-Metadata"] = ",".join(named)
        async with self.person() as ada:
            made = await ada.post("/api/uploads", headers=tus)
            assert made.status_code == 201, made.text
            upload_id = made.headers["location"].rpartition("/")[2]
            if film:
                mime = "application/offset+octet-stream"
                part = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": mime}
                sent = await ada.patch(f"/api/uploads/{upload_id}", content=film, headers=part)
                assert sent.status_code == 204, sent.text
        return upload_id


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@asynccontextmanager
async def on_one_machine(folder: Path, like: Studio) -> AsyncIterator[OnOneMachine]:
    """Give the service on a machine that is set up like a studio."""
    told = like.environment
    settings = Settings(
        data=folder,
        public_url=PAGES,
        embed_origins=tuple(told.embed_origins.split(",")),
        time_zone=told.time_zone,
        video_speech_language="none",
    )
    parts = MachineParts(settings)
    await asyncio.to_thread(lambda: folder.mkdir(parents=True, exist_ok=True))
    await open_data(Services(parts))
    yield OnOneMachine(parts)
    await parts.close()


def shape(value: Any) -> Any:
    """Return a body with its values replaced by their types."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__
