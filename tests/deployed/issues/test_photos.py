"""Photos on their way to the page: the API gives out signed addresses, CloudFront reads."""

import io
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.deployed.issues.test_issues import picture, send
from tests.deployed.stack import PREFIX, Stack
from tests.running import Answer, Campus, lower, wait_for


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: object) -> None:
        return None


def redirected(campus: Campus, path: str) -> Answer:
    """Return the answer of the API for a photo, and not that of where it points."""
    try:
        urllib.request.build_opener(Staying).open(campus.base + path)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, lower(error.headers), error.read())
    raise AssertionError("no redirect")


@pytest.fixture(scope="module")
def photo(campus: Campus) -> dict[str, str]:
    """A photo as the conversation of its issue has it."""
    issue_id, content = campus.report(), picture()
    wanted = {"contentType": "image/jpeg", "bytes": len(content)}
    form = campus.call("POST", f"/api/issues/{issue_id}/photo-uploads", wanted).json
    send(form, content)
    path = f"/api/issues/{issue_id}/photo-uploads/{form['uploadId']}"
    done = wait_for(lambda: (o := campus.call("GET", path).json)["state"] == "done" and o, "it")
    return done["photo"]


def signed(campus: Campus, url: str) -> str:
    """Return the signed path that an address of the API leads to."""
    answer = redirected(campus, url)
    assert answer.status == 302
    assert answer.headers["cache-control"] == "private, max-age=450"
    location = answer.headers["location"]
    assert location.startswith(f"{campus.base}/photos/")
    return location.removeprefix(campus.base)


@pytest.mark.parametrize("size", ["url", "thumbnailUrl"])
def test_a_photo_has_one_origin_with_the_pages(campus: Campus, photo: dict[str, str], size: str):
    shown = campus.call("GET", signed(campus, photo[size]))
    assert shown.status == 200, shown.body
    assert shown.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(shown.body)).format == "JPEG"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["cache-control"] == "private, max-age=86400, immutable"
    page = campus.call("GET", "/track").headers["content-security-policy"]
    assert "img-src 'self' data: blob:;" in page


def test_other_addresses_of_photos_are_refused(campus: Campus, photo: dict[str, str]):
    path = signed(campus, photo["url"])
    bare, _, query = path.partition("?")
    until = int(query.partition("&")[0].removeprefix("Expires="))
    assert 0 < until - time.time() <= 900
    for changed in (
        bare,
        f"{bare}-thumbnail?{query}",
        path.replace(f"Expires={until}", f"Expires={until + 1}"),
        path.replace("/photos/", "/photos/x/../"),
        path.replace("&Signature=", "&Signature=AAAA"),
        path.replace("&Key-Pair-Id=K", "&Key-Pair-Id=L"),
        bare.replace("/photos/", "/photos/../incoming/") + f"?{query}",
    ):
        assert campus.call("GET", changed).status == 403, changed
    for method in ("PUT", "POST", "DELETE"):
        assert campus.call(method, path, {}).status == 403
    assert campus.call("GET", path).status == 200


def test_the_bucket_itself_answers_nobody(campus: Campus, stack: Stack, photo: dict[str, str]):
    key = urlsplit(signed(campus, photo["url"])).path
    (bucket,) = [name for name in stack.buckets() if name.startswith(f"{PREFIX}photos-")]
    assert Campus(f"{stack.standin.url}/{bucket}").call("GET", key).status == 403


def test_a_deleted_photo_has_no_address(campus: Campus, photo: dict[str, str], staff: str):
    before = signed(campus, photo["url"])
    assert campus.call("DELETE", photo["url"], token=staff).status == 204
    assert campus.call("GET", photo["url"]).status == 404
    assert campus.call("GET", before).status == 403
