"""Photos over HTTP where the store takes them and shows them itself: on AWS."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.issues.http import (
    catalog as http_catalog,
)
from quadrangle.issues.http import open as open_routes
from quadrangle.issues.http import (
    photo_uploads as http_photo_uploads,
)
from quadrangle.issues.http import (
    photos as http_photos,
)
from quadrangle.issues.http import routes as issue_routes
from quadrangle.issues.http import (
    source as http_source,
)
from quadrangle.issues.model import DEFAULT_CATALOG, Catalog
from quadrangle.issues.photos.album import MAX_BYTES
from quadrangle.issues.service import IssueParts, IssueService, IssueSettings
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from tests.applications import Absent, common_of
from tests.aws_photos import PAGES, AwsPhotos, send_form
from tests.http.issues.test_photos import jpeg, png_claiming
from tests.standin.server import StandIn

JPEG = {"contentType": "image/jpeg", "bytes": 100}
ROUTES = [
    *http_source.ROUTES,
    *http_photos.STORED_ROUTES,
    *http_photo_uploads.ROUTES,
    http_catalog.config,
]


class DefaultCatalog:
    async def load(self) -> Catalog:
        return DEFAULT_CATALOG

    async def save(self, catalog: Catalog, change: Change) -> Catalog:
        raise NotImplementedError


class OneToken:
    async def authenticate(self, token: str) -> Principal:
        if token != "staff":
            raise NotSignedIn
        return Principal("Bo", Role.STAFF, "account-1")


def app_of(aws: AwsPhotos) -> Any:
    issues = IssueService(
        IssueParts(
            issues=aws.store,
            catalog_store=DefaultCatalog(),
            staff=Absent(),
            members=Absent(),
            files=aws.files,
            pictures=aws.pictures,
            acts=Absent(),
            clock=aws.clock,
            settings=IssueSettings(5, 5, "smtp"),
            uploads=aws.uploads,
            links=aws.links,
        )
    )
    common = common_of(OneToken())
    hot = [open_routes.hot_parts(issues, common)]
    return build_app(
        [RouteGroup(ROUTES, [issues], issue_routes.DEPENDENCIES, hot)],
        common,
        access_log=AccessLog(gathered=False),
    )


@pytest.fixture
def aws(standin: StandIn, clock: ManualClock) -> AwsPhotos:
    return AwsPhotos(standin, clock)


@pytest.fixture
async def client(aws: AwsPhotos) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app_of(aws), client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://campus.example") as opened:
        yield opened


async def test_the_pages_are_told_which_way_to_send(client: httpx.AsyncClient):
    config = (await client.get("/api/config")).json()
    assert config["photoLimit"]["upload"] == "presigned"


async def test_a_photo_from_its_announcement_to_the_page_that_shows_it(
    aws: AwsPhotos, client: httpx.AsyncClient
):
    issue_id = await aws.report()
    path = f"/api/issues/{issue_id}/photo-uploads"
    begun = await client.post(path, json=JPEG)
    assert begun.status_code == 201, begun.text
    form = begun.json()
    assert set(form) == {"uploadId", "url", "method", "fields", "headers"}
    assert (form["method"], form["headers"]) == ("POST", {})
    key = f"incoming/{issue_id}/{form['uploadId']}"
    assert form["fields"]["key"] == key

    at = f"{path}/{form['uploadId']}"
    waiting = {"state": "waiting", "message": None, "photo": None}
    assert (await client.get(at)).json() == waiting
    assert (await send_form(form["url"], form["fields"], jpeg())).status_code == 204
    assert (await client.get(at)).json() == waiting
    await aws.arrive(key)
    done = (await client.get(at)).json()
    assert (done["state"], done["message"]) == ("done", None)
    photo = done["photo"]
    assert set(photo) == {"photoId", "url", "thumbnailUrl", "width", "height", "bytes", "at"}
    assert photo["photoId"] == form["uploadId"]

    for url in (photo["url"], photo["thumbnailUrl"]):
        answer = await client.get(url)
        assert answer.status_code == 302
        assert answer.headers["cache-control"] == "private, max-age=450"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        at = answer.headers["location"]
        assert at.startswith(f"{PAGES}/photos/{issue_id}/{photo['photoId']}")
        assert aws.allowed(at)
        assert (await aws.files.read(urlsplit(at).path[1:])).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"%PDF-1.7", "JPEG, PNG, WebP or HEIC"), (png_claiming(60_000, 60_000), "million pixels")],
    ids=["pdf", "bomb"],
)
async def test_the_sender_learns_why_a_picture_was_refused(
    aws: AwsPhotos, client: httpx.AsyncClient, content: bytes, words: str
):
    path = f"/api/issues/{await aws.report()}/photo-uploads"
    form = (await client.post(path, json=JPEG)).json()
    await send_form(form["url"], form["fields"], content)
    await aws.arrive(form["fields"]["key"])
    outcome = (await client.get(f"{path}/{form['uploadId']}")).json()
    assert (outcome["state"], outcome["photo"]) == ("refused", None)
    assert words in outcome["message"]
    assert outcome["message"].endswith(".")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "contentType"),
        (JPEG | {"contentType": "image/gif"}, 400, "contentType"),
        (JPEG | {"contentType": "image/svg+xml"}, 400, "contentType"),
        (JPEG | {"contentType": 5}, 400, "contentType"),
        (JPEG | {"bytes": 0}, 400, "bytes"),
        (JPEG | {"bytes": -1}, 400, "bytes"),
        (JPEG | {"bytes": "100"}, 400, "bytes"),
        (JPEG | {"bytes": 1.5}, 400, "bytes"),
        (JPEG | {"bytes": MAX_BYTES + 1}, 413, None),
        (JPEG | {"bytes": 10**30}, 413, None),
        ([], 400, None),
    ],
    ids=str,
)
async def test_a_bad_announcement_is_refused(
    aws: AwsPhotos, client: httpx.AsyncClient, body: Any, status: int, field: str | None
):
    answer = await client.post(f"/api/issues/{await aws.report()}/photo-uploads", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"].endswith(".")
    if field is not None:
        assert field in [error["field"] for error in answer.json()["errors"]]
    assert aws.keys() == []


@pytest.mark.parametrize("issue_id", [new_id(), "nothing", "%00", "%2e%2e"])
async def test_an_unknown_issue_takes_and_shows_nothing(client: httpx.AsyncClient, issue_id: str):
    path = f"/api/issues/{issue_id}/photo-uploads"
    begun = await client.post(path, json=JPEG)
    assert (begun.status_code, begun.json()) == (404, {"message": "Issue not found"})
    asked = await client.get(f"{path}/{new_id()}")
    assert (asked.status_code, asked.json()) == (404, {"message": "Upload not found"})
    shown = await client.get(f"/api/issues/{issue_id}/photos/{new_id()}")
    assert (shown.status_code, shown.json()) == (404, {"message": "Photo not found"})


async def test_an_issue_with_all_its_photos_takes_no_more(
    aws: AwsPhotos, client: httpx.AsyncClient
):
    issue_id = await aws.report()
    for _ in range(10):
        await aws.album.add(issue_id, jpeg(), ANYONE)
    answer = await client.post(f"/api/issues/{issue_id}/photo-uploads", json=JPEG)
    assert answer.status_code == 409
    assert "10 photos" in answer.json()["message"]


async def test_only_staff_may_announce_without_end(aws: AwsPhotos, client: httpx.AsyncClient):
    path = f"/api/issues/{await aws.report()}/photo-uploads"
    statuses = [(await client.post(path, json=JPEG)).status_code for _ in range(61)]
    assert statuses == [201] * 60 + [429]
    staff = {"Authorization": "Bearer staff"}
    assert (await client.post(path, json=JPEG, headers=staff)).status_code == 201
    wrong = await client.post(path, json=JPEG, headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


async def test_there_is_no_way_to_send_a_picture_to_the_function(
    aws: AwsPhotos, client: httpx.AsyncClient
):
    headers = {"Content-Type": "image/jpeg"}
    path = f"/api/issues/{await aws.report()}/photos"
    assert (await client.post(path, content=jpeg(), headers=headers)).status_code in (404, 405)
