"""The same page where bytes go in parts past the server: the calls are answered by the parts of
the functions on AWS, the addresses are those of the stand-in's S3."""

import asyncio
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.aws.videos.studio import Studio, clients_of
from tests.journeys.conftest import DESKTOP, Visitor
from tests.journeys.videos.test_upload_and_watch import choose
from tests.running import Campus
from tests.standin.server import StandIn


class PartsOnAws:
    """Answers what the upload page asks, as somebody who is signed in there."""

    def __init__(self, studio: Studio, visitor: Visitor) -> None:
        self.studio = studio
        self.breaks_off = 0  # so many parts are lost on their way
        self._apart = ThreadPoolExecutor(1)
        self._loop = asyncio.new_event_loop()
        self.do(studio.tending.prepare())
        allowed = {
            "AllowedMethods": ["PUT"],
            "AllowedOrigins": [visitor.server.base],
            "AllowedHeaders": ["x-amz-checksum-sha256", "content-type"],
        }
        cors = {"CORSRules": [allowed]}
        studio.s3.put_bucket_cors(Bucket=studio.bucket, CORSConfiguration=cors)
        visitor.context.route("**/api/uploads", self.answer)
        visitor.context.route("**/api/uploads/**", self.answer)
        visitor.context.route("**/api/gallery/videos/*", self.answer)
        visitor.context.route("**/originals/**", self.pass_on)

    def do(self, work):
        return self._apart.submit(self._loop.run_until_complete, work).result()

    def answer(self, route: Route) -> None:
        request = route.request

        async def ask():
            async with self.studio.person() as ada:
                body = request.post_data_json if request.post_data else None
                return await ada.request(request.method, urlsplit(request.url).path, json=body)

        answer = self.do(ask())
        route.fulfill(status=answer.status_code, json=answer.json() if answer.content else None)

    def pass_on(self, route: Route) -> None:
        if route.request.method == "PUT" and self.breaks_off:
            self.breaks_off -= 1
            route.abort()
        else:
            route.continue_()

    def close(self) -> None:
        self.do(self.studio.cloud.database.close())
        self._loop.close()


@pytest.fixture
def lecturer(server: Campus, make_visitor: Any) -> Visitor:
    """A teacher; where videos are on AWS, the pages may send to their bucket."""
    email = f"{uuid.uuid4().hex}@campus.example"
    account = server.hire(server.sign_in(), email, "teacher", "Dr Ada")
    visitor = make_visitor(viewport=DESKTOP, bypass_csp=True)
    visitor.sign_in(email, account["password"])
    return visitor


@pytest.fixture
def parts(
    lecturer: Visitor,
    standin: StandIn,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[PartsOnAws]:
    with clients_of(standin, monkeypatch):
        made = PartsOnAws(Studio(standin, postgres_url, tmp_path), lecturer)
        yield made
        made.close()


def test_a_film_arrives_in_parts_also_when_one_is_lost(
    lecturer: Visitor, parts: PartsOnAws, tmp_path: Path
):
    film = tmp_path / "two parts.mp4"
    film.write_bytes(bytes(range(256)) * (18 * 2**20 // 256))
    parts.breaks_off = 1
    page = lecturer.open("/upload")
    choose(page, film)
    waits = expect(page.locator(".upload-line"))
    waits.to_have_text("Waits for its turn.", timeout=60_000)
    (key,) = parts.studio.objects()
    stored = parts.studio.s3.get_object(Bucket=parts.studio.bucket, Key=key)["Body"].read()
    assert stored == film.read_bytes()
