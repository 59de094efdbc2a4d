"""The video service as its functions and workers put it together: on the stand-in for AWS, with a
real PostgreSQL."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from quadrangle.aws.base import clients
from quadrangle.aws.base.front_keys import encode_front_keys
from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.videos.parts import VideoFacades, cloud_videos
from quadrangle.hosts.lambdas.videos.tending import Tending
from quadrangle.hosts.shared.cloud_videos import CloudVideos
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.principal import Principal, Role
from quadrangle.videos.http.routes import ROUTES
from quadrangle.videos.http.uploads.parts import ROUTES as PART_ROUTES
from tests.applications import common_of
from tests.aws_photos import photo_key, public_half
from tests.cloudfront import is_allowed, is_let_in
from tests.standin.server import REGION, StandIn

PAGES = "https://campus.example"
KEY_ID = "K2JCJMDEHXQW5F"


class Tokens:
    """Authenticates by names."""

    async def authenticate(self, token: str) -> Principal:
        if token not in ("ada", "ben"):
            raise NotSignedIn()
        return Principal(token.title(), Role.TEACHER, token)


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
    secret, or any name where the server asks for none."""

    def __init__(self, standin: StandIn, database: str, work: Path, login: str = "") -> None:
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
            time_zone="Europe/Amsterdam",
        )
        self.work = work
        self.cloud, facades = self.function()
        self.tending = Tending(self.cloud, facades.uploads)
        common = common_of(Tokens())
        group = RouteGroup([*ROUTES, *PART_ROUTES], [facades.videos, facades.uploads])
        app = build_app([group], common, access_log=AccessLog(gathered=False))
        self._transport = httpx.ASGITransport(app=app)

    def function(self) -> tuple[CloudVideos, VideoFacades]:
        """Return the parts of another container."""
        parts = FunctionParts(self.environment)
        cloud = cloud_videos(parts)
        return cloud, VideoFacades(parts, cloud, lazily(lambda: account_service(parts)))

    def worker(self, folder: str = "one") -> CloudVideos:
        """Return the parts of a machine with a disk."""
        return CloudVideos(self.cloud.settings, self.cloud.clock, self.work / folder)

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

    def loaded(self, url: str, cookies: Any = ()) -> bytes | None:
        """Return what CloudFront answers at an address, None for a refusal."""
        group, now = {KEY_ID: public_half(photo_key())}, time.time()
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
