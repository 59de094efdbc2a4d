"""The video service as its functions and workers put it together: on the stand-in for AWS, with a
real PostgreSQL."""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from quadrangle.accounts.service import AccountService
from quadrangle.aws.base import clients
from quadrangle.aws.base.front_keys import encode_front_keys
from quadrangle.aws.videos.instance import NoInstance
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.videos.mounts import mounts_of
from quadrangle.hosts.lambdas.videos.parts import VideoFacades, cloud_videos
from quadrangle.hosts.lambdas.videos.tending import Tending
from quadrangle.hosts.shared.cloud_videos import CloudVideos
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.hosts.shared.mounts import with_mounts
from quadrangle.hosts.workers.turns import TurnWorker
from quadrangle.http.access_log import AccessLog
from quadrangle.http.common import Common
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.videos.declared import STRIPPED
from quadrangle.videos.http.routes import ROUTES
from quadrangle.videos.http.uploads.parts import ROUTES as PART_ROUTES
from quadrangle.videos.processing.ports import (
    FILM_FILE,
    SOUND_FILE,
    OnProgress,
    Plan,
    Probe,
    Progress,
    Rendered,
    Transcoder,
)
from quadrangle.videos.sharing.ports import Named
from quadrangle.videos.speech.ports import Recognizer
from tests.applications import common_of
from tests.aws_photos import photo_key, public_half
from tests.cloudfront import is_allowed, is_let_in
from tests.contracts.videos.post import Post
from tests.contracts.videos.reel import PROBE, RENDERED
from tests.standin.server import REGION, StandIn

PAGES = "https://campus.example"
KEY_ID = "K2JCJMDEHXQW5F"
IDS = {name: new_id() for name in ("ada", "ben", "staff")}  # of accounts, by their names
FILM = b"a film"


class Accounts:
    """What the video service asks of accounts."""

    def __init__(self) -> None:
        self.video_people = Residents()
        self.shared_secrets = Passwords()


class Passwords:
    """Keeps passwords of links as tests can read them."""

    async def seal(self, secret: str) -> str:
        return f"sealed {secret}"

    async def check(self, name: str, address: str, sealed: str, secret: str) -> bool:
        return sealed == f"sealed {secret}"


class Residents:
    """Ada and Ben, who have accounts."""

    async def by_email(self, email: str) -> Named | None:
        everybody = await self.named(list(IDS.values()))
        return next((each for each in everybody if each[2] == email), None)

    async def named(self, account_ids: Sequence[str]) -> list[Named]:
        return [
            (account_id, name.title(), f"{name}@campus.example")
            for name, account_id in IDS.items()
            if account_id in account_ids
        ]

    async def who_is(self, account_id: str) -> tuple[str, Role] | None:
        found = await self.named([account_id])
        return (found[0][1], Role.TEACHER) if found else None


class Programs:
    """A transcoder that does what it is told: `raises`, or waits until `may_end`."""

    def __init__(self, raises: Exception | None = None) -> None:
        self.raises = raises
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()

    async def lacking(self) -> str:
        return ""

    async def probe(self, path: Path) -> Probe:
        assert await asyncio.to_thread(path.read_bytes) == FILM
        return PROBE

    async def transcode(
        self, path: Path, folder: Path, plan: Plan, on_progress: OnProgress
    ) -> Rendered:
        (folder / "v0.m3u8").write_text("#EXTM3U\nv0-1.m4s\n")
        (folder / "v0-1.m4s").write_bytes(b"segment")
        (folder / "v0-2.m4s").write_bytes(b"half a segm")
        (folder / "master.m3u8").write_text("#EXTM3U\nv0.m3u8\n")
        await on_progress(Progress(4.0, 60.0, playable=True))
        self.begun.set()
        await self.may_end.wait()
        if self.raises:
            raise self.raises
        (folder / "poster.jpg").write_bytes(b"picture")
        (folder / SOUND_FILE).write_bytes(b"sound")
        return msgspec.structs.replace(RENDERED, audio_file=SOUND_FILE)

    async def join(self, folder: Path, rendered: Rendered) -> str:
        (folder / FILM_FILE).write_bytes((folder / "v0-1.m4s").read_bytes() + b" and sound")
        return FILM_FILE


class Tokens:
    """Authenticates by names."""

    async def authenticate(self, token: str) -> Principal:
        if token not in IDS:
            raise NotSignedIn()
        role = Role.STAFF if token == "staff" else Role.TEACHER
        return Principal(token.title(), role, IDS[token])


def common() -> Common:
    """Return what handlers of every service may take, behind an encrypted connection."""
    return msgspec.structs.replace(common_of(Tokens()), secure_cookies=True)


@contextmanager
def clients_of(standin: StandIn, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have clients that the code makes by itself talk to the stand-in."""
    key, secret = standin.credentials
    for name, value in {
        "AWS_ENDPOINT_URL": standin.url,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        patch.setenv(name, value)
    clients.client.cache_clear()
    clients._session.cache_clear()
    yield
    clients.client.cache_clear()
    clients._session.cache_clear()


class Studio:
    """An installation of its own: bucket, queue, secrets and database, which `login` opens: a
    secret, or any name where the server asks for none. `speech` is in which language captions are
    made."""

    def __init__(
        self, standin: StandIn, database: str, work: Path, login: str = "", speech: str = ""
    ) -> None:
        name = f"t{secrets.token_hex(5)}"
        self.s3, self.sqs = standin.client("s3"), standin.client("sqs")
        self.bucket = f"{name}-videos"
        place = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=place)
        keep = standin.client("secretsmanager").create_secret
        host = database.partition("@")[2] or database.removeprefix("postgresql://")
        if not login:
            anyone = json.dumps({"username": "postgres", "password": "as it was rotated"})
            login = keep(Name=f"{name}-login", SecretString=anyone)["ARN"]
        self.environment = Environment(
            prefix=f"{name}-",
            public_url=PAGES,
            video_database=f"postgresql://{host}",
            video_login=login,
            video_schema="videoforge",
            video_keys=keep(Name=f"{name}-keys", SecretString=secrets.token_hex(32))["ARN"],
            videos_bucket=self.bucket,
            video_queue=self.sqs.create_queue(QueueName=f"{name}-turns")["QueueUrl"],
            photo_keys=keep(Name=f"{name}-front", SecretString=encode_front_keys([photo_key()]))[
                "ARN"
            ],
            photo_key_ids={"a": KEY_ID},
            embed_origins="https://moodle.campus.example,https://blog.example",
            time_zone="Europe/Amsterdam",
            video_speech_language=speech,
        )
        self.work = work
        self.cloud, facades = self.function()
        self.told: list[Change] = []
        self.mail = Post()
        self.tending = Tending(
            self.cloud,
            facades.uploads,
            self._keep,
            Residents(),
            self.mail,
            PAGES,
            facades.videos.speech,
        )
        group = RouteGroup([*ROUTES, *PART_ROUTES], [facades.videos, facades.uploads])
        self.mounts = mounts_of(facades.videos)
        app = build_app(
            [group],
            common(),
            access_log=AccessLog(gathered=False),
            front=lambda app: with_mounts(app, self.mounts, STRIPPED),
        )
        self._transport = httpx.ASGITransport(app=app)

    async def _keep(self, changes: Sequence[Change]) -> None:
        self.told += changes

    def function(self) -> tuple[CloudVideos, VideoFacades]:
        """Return the parts of another container."""
        parts = FunctionParts(self.environment)
        cloud = cloud_videos(parts)
        return cloud, VideoFacades(parts, cloud, cast(AccountService, Accounts()))

    def worker(self, folder: str = "one") -> CloudVideos:
        """Return the parts of a machine with a disk."""
        return CloudVideos(self.cloud.settings, self.cloud.clock, self.work / folder)

    @asynccontextmanager
    async def working(
        self, programs: Transcoder, folder: str = "one", hears: Recognizer | None = None
    ) -> AsyncIterator[TurnWorker]:
        """Give a worker on a machine of its own, which nobody wants back; it may hear."""
        cloud = self.worker(folder)
        handlers = dict(cloud.processing(programs).handlers())
        if hears is not None:
            handlers |= cloud.listening(hears).handlers()
        yield TurnWorker(cloud, handlers, NoInstance())
        await cloud.database.close()

    def person(self, token: str = "ada") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(transport=self._transport, base_url=PAGES, headers=headers)

    def objects(self) -> list[str]:
        """Return the keys of all objects."""
        found = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [each["Key"] for each in found]

    def calls(self) -> int:
        """Return how many messages the queue has."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.environment.video_queue
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(found[each]) for each in names)

    def loaded(self, url: str, cookies: Any = (), later: float = 0) -> bytes | None:
        """Return what CloudFront answers at an address, so many seconds later; None for a
        refusal."""
        group, now = {KEY_ID: public_half(photo_key())}, time.time() + later
        given = {each.name: each.value for each in cookies if url.startswith(PAGES + each.path)}
        if not (is_allowed(url, group, now) or is_let_in(url, given, group, now)):
            return None
        key = url.removeprefix(f"{PAGES}/").partition("?")[0]
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()


def digest(part: bytes) -> str:
    return base64.b64encode(hashlib.sha256(part).digest()).decode()


async def send(part: bytes, signed: dict[str, Any]) -> httpx.Response:
    """Send a part to where it is signed for."""
    async with httpx.AsyncClient() as outside:
        return await outside.put(signed["url"], headers=signed["headers"], content=part)


async def uploaded(person: httpx.AsyncClient, film: bytes, **given: str) -> int:
    """Upload a film of one part; return the number of its video."""
    begun = await person.post("/api/uploads", json={"size": len(film), **given})
    assert begun.status_code == 201, begun.text
    path = f"/api/uploads/{begun.json()['uploadId']}"
    named = {"parts": [{"number": 1, "checksum": digest(film)}]}
    signed = (await person.post(f"{path}/parts", json=named)).json()
    sent = await send(film, signed["parts"][0])
    assert sent.status_code == 200, sent.text
    made = await person.post(f"{path}/complete", json={})
    assert made.status_code == 200, made.text
    return made.json()["videoId"]


async def made_ready(studio: Studio, person: httpx.AsyncClient, **given: str) -> int:
    """Have a film of somebody's be uploaded and processed; return the number of its video."""
    video_id = await uploaded(person, FILM, **given)
    await studio.cloud.call_workers_if_new()
    async with studio.working(Programs()) as worker:
        assert await worker.take_one()
    return video_id
