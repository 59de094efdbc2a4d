"""The photos of issues on the stand-in for AWS, as the functions put them together."""

import asyncio
from typing import Any

import httpx

from quadrangle.aws.dynamo import Dynamo
from quadrangle.aws.files import S3Files
from quadrangle.aws.issues import DynamoIssueStore
from quadrangle.aws.photo_links import S3PhotoLinks
from quadrangle.aws.tables import Tables
from quadrangle.aws.uploads import S3PhotoUploads, arrivals
from quadrangle.issues import rules
from quadrangle.issues.model import DEFAULT_CATALOG, Photo
from quadrangle.issues.photo_uploads import PhotoReception
from quadrangle.issues.photos import PhotoAlbum
from quadrangle.issues.ports import Pictures, UploadForm
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from quadrangle.machine.image_command import ImageCommand
from tests.standin.buckets import make_bucket
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

REPORT = NewReport("Network", "Library", "It is broken")


class AwsPhotos:
    """Store, bucket and services over empty tables and an empty bucket."""

    def __init__(self, standin: StandIn, clock: Clock, pictures: Pictures | None = None) -> None:
        self.clock = clock
        dynamodb = standin.client("dynamodb")
        self.s3: Any = standin.client("s3")
        self.bucket = make_bucket(standin)
        self.store = DynamoIssueStore(Dynamo(dynamodb), Tables.named(make_tables(dynamodb)))
        self.files = S3Files(self.s3, self.bucket)
        self.uploads = S3PhotoUploads(self.s3, self.bucket)
        links = S3PhotoLinks(self.s3, self.bucket)
        pictures = pictures or ImageCommand()
        self.album = PhotoAlbum(self.store, self.files, pictures, clock, links)
        self.reception = PhotoReception(self.store, self.album, self.uploads, clock)

    async def report(self) -> str:
        issue, facts = rules.report(REPORT, new_id(), DEFAULT_CATALOG, ANYONE, self.clock.now())
        return (await self.store.add(issue, facts)).issue_id

    async def photos(self, issue_id: str) -> list[Photo]:
        """The photos of an issue, whose count must agree."""
        issue = await self.store.get(issue_id)
        photos = await self.store.photos(issue_id)
        assert issue is not None
        assert issue.photo_count == len(photos)
        return photos

    def keys(self, prefix: str = "") -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", ())]

    async def arrive(self, *keys: str) -> None:
        """Do what the function does with the event of objects that came under these keys."""
        for issue_id, upload_id in arrivals(event_of(self.bucket, *keys)):
            await self.reception.receive(issue_id, upload_id)

    async def send(self, form: UploadForm, content: bytes, **fields: str) -> httpx.Response:
        """Send a picture as a browser does."""
        return await send_form(form.url, {**(form.fields or {}), **fields}, content)


async def send_form(url: str, fields: dict[str, str], content: bytes) -> httpx.Response:
    def post() -> httpx.Response:
        return httpx.post(url, data=fields, files={"file": ("blob", content)}, timeout=30)

    return await asyncio.to_thread(post)


async def got(url: str) -> httpx.Response:
    return await asyncio.to_thread(httpx.get, url)


def event_of(bucket: str, *keys: str) -> dict[str, Any]:
    """The event of S3 for new objects, of which only what is used is here."""
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Post",
                "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 1}},
            }
            for key in keys
        ]
    }
