"""The photos of issues on the stand-in for AWS, as the functions put them together."""

import asyncio
from functools import cache
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.files import S3Files
from quadrangle.aws.base.front_keys import FrontKey, Slot
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.issues.photo_links import CloudFrontPhotoLinks
from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.aws.issues.uploads import S3PhotoUploads, arrivals
from quadrangle.issues import rules
from quadrangle.issues.model import DEFAULT_CATALOG, Photo
from quadrangle.issues.photos.album import PhotoAlbum
from quadrangle.issues.photos.ports import Pictures, UploadForm
from quadrangle.issues.photos.reception import PhotoReception
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from quadrangle.portable.pictures.image_command import ImageCommand
from tests.cloudfront import is_allowed
from tests.standin.buckets import make_bucket
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

KEY_ID = "K2JCJMDEHXQW5F"
PAGES = "https://campus.example"
REPORT = NewReport("Network", "Library", "It is broken")


@cache
def photo_key(slot: Slot = "a") -> FrontKey:
    """A key that signs addresses, made once: it takes a while."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return FrontKey(slot, pem.decode())


def public_half(key: FrontKey) -> str:
    public = load_pem_private_key(key.private.encode(), None).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class AwsPhotos:
    """Store, bucket and services over empty tables and an empty bucket."""

    def __init__(self, standin: StandIn, clock: Clock, pictures: Pictures | None = None) -> None:
        self.clock = clock
        dynamodb = standin.client("dynamodb")
        self.s3: Any = standin.client("s3")
        self.bucket = make_bucket(standin)
        self.store = DynamoIssueStore(
            Dynamo(dynamodb),
            Tables(make_tables(dynamodb, "Issues", "IssueParts", "Changes")),
        )
        self.files = S3Files(self.s3, self.bucket)
        self.uploads = S3PhotoUploads(self.s3, self.bucket)
        self.links = CloudFrontPhotoLinks(lambda: [photo_key()], {"a": KEY_ID}, PAGES, clock)
        self.pictures = pictures or ImageCommand()
        self.album = PhotoAlbum(self.store, self.files, self.pictures, clock, self.links)
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

    def allowed(self, url: str) -> bool:
        """Tell whether CloudFront answers an address now."""
        group = {KEY_ID: public_half(photo_key())}
        return is_allowed(url, group, self.clock.now().timestamp())

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
