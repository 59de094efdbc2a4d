"""Photos sent straight to the store, by a real browser to the stand-in's S3.

The server is that of one machine; what functions answer on AWS is put in between: the forms are
those of the S3 adapter, and what arrives in the bucket is handed to the server.
"""

import asyncio
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from quadrangle.aws.issues.uploads import S3PhotoUploads
from quadrangle.issues.photos.ports import PhotoUpload
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.issues.test_report_and_follow import picture
from tests.running import RunningServer
from tests.standin.buckets import make_bucket
from tests.standin.server import StandIn

MOST_BYTES = 12 * 1024 * 1024


class Functions:
    """Answers the calls that AWS alone has."""

    def __init__(self, standin: StandIn, server: RunningServer) -> None:
        self.s3 = standin.client("s3")
        self.bucket = make_bucket(standin, server.base)
        self.server = server
        self.uploads = S3PhotoUploads(self.s3, self.bucket)
        self.asked = 0

    def stand_before(self, visitor: Visitor) -> None:
        visitor.context.route("**/api/config", self.config)
        visitor.context.route("**/photo-uploads", self.begin)
        visitor.context.route("**/photo-uploads/*", self.outcome)

    def config(self, route: Route) -> None:
        config = self.server.call("GET", "/api/config").json
        config["photoLimit"]["upload"] = "presigned"
        route.fulfill(json=config)

    def begin(self, route: Route) -> None:
        issue_id = urlsplit(route.request.url).path.split("/")[3]
        body = json.loads(route.request.post_data or "")
        assert set(body) == {"contentType", "bytes"}
        upload = PhotoUpload(new_id(), issue_id, body["contentType"], ANYONE, "now")
        form = apart(self.uploads.begin(upload, MOST_BYTES))
        answer = {"uploadId": upload.upload_id, "url": form.url, "method": form.method}
        route.fulfill(status=201, json={**answer, "fields": form.fields, "headers": form.headers})

    def outcome(self, route: Route) -> None:
        """Say that it waits at first, then what the server makes of the picture."""
        self.asked += 1
        if self.asked % 2:
            route.fulfill(json={"state": "waiting", "message": None, "photo": None})
            return
        _, _, _, issue_id, _, upload_id = urlsplit(route.request.url).path.split("/")
        sent = self.s3.get_object(Bucket=self.bucket, Key=f"incoming/{issue_id}/{upload_id}")
        answer = self.server.call(
            "POST",
            f"/api/issues/{issue_id}/photos",
            sent["Body"].read(),
            headers={"Content-Type": sent["ContentType"]},
        )
        refused = answer.status != 201
        state, message = ("refused", answer.json["message"]) if refused else ("done", None)
        photo = None if refused else answer.json
        route.fulfill(json={"state": state, "message": message, "photo": photo})


def apart(work: Any) -> Any:
    """Run `work` in a thread of its own: the browser's driver has a loop in this one."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return results[0]


@pytest.fixture
def functions(standin: StandIn, server: RunningServer) -> Functions:
    return Functions(standin, server)


def choose(page: Any, content: bytes) -> None:
    file = {"name": "wifi.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.locator("input[type=file]").last.set_input_files(file)


def test_a_reporter_sends_a_photo_and_learns_of_a_refusal(make_visitor, server, functions):
    # the pages' policy names the bucket where they are deployed together with one
    student = make_visitor(viewport=PHONE, bypass_csp=True)
    functions.stand_before(student)
    issue_id = server.report()
    page = student.open(f"/track?id={issue_id}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Network")

    choose(page, picture())
    expect(page.get_by_role("button", name="Photo 1 of 1")).to_be_visible()
    photos = server.call("GET", f"/api/issues/{issue_id}/conversation").json["photos"]
    assert [photo["width"] for photo in photos] == [1200]

    choose(page, b"\xff\xd8\xff" + bytes(100))
    refusal = page.get_by_text("Not sent. This picture could not be read.")
    expect(refusal).to_be_visible()
    expect(page.get_by_role("button", name="Send again")).to_be_visible()


def test_staff_adds_a_photo_at_the_desk(make_visitor, server, functions):
    caretaker = make_visitor(viewport=DESKTOP, bypass_csp=True)
    caretaker.sign_in()
    functions.stand_before(caretaker)
    issue_id = server.report()
    page = caretaker.open(f"/desk?issue={issue_id}")
    choose(page, picture())
    expect(page.locator(".detail-photos img")).to_have_count(1)
    photos = server.call("GET", f"/api/issues/{issue_id}/conversation").json["photos"]
    assert len(photos) == 1
