"""The queue of processing, for staff."""

import httpx
import pytest

from tests.http.videos.film import Uploader, hired_as
from tests.running import RunningServer

PATH = "/api/gallery/processing"


@pytest.fixture(scope="module")
def staff(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "dee@campus.example", "staff")


def test_staff_sees_what_failed_and_has_it_tried_again(ada: Uploader, staff: Uploader):
    private = ada.upload(b"no film\n" * 50, title="My secret plans")
    campus = ada.upload(b"no film\n" * 50, title="For all", visibility="campus")
    for each in (private, campus):
        ada.until(each, "failed")
    seen = staff.http.get(PATH).json()
    failed = {each["video_id"]: each for each in seen["failed"]}
    assert failed[private]["title"] is None
    assert "secret" not in staff.http.get(PATH).text
    assert failed[private]["failure"].endswith(".")
    assert (failed[private]["tries"], failed[private]["owner_name"]) == (1, "Ada")
    assert seen["failed_total"] >= 2
    assert staff.http.post(f"{PATH}/{private}/retry", json={}).json() == {"retried": 1}
    ada.until(private, "failed")
    assert staff.http.post(f"{PATH}/retry", json={}).status_code == 200
    for each in (private, campus):
        ada.http.delete(f"/api/gallery/videos/{each}")


def test_nobody_else_does(ada: Uploader, server: RunningServer):
    assert ada.http.get(PATH).status_code == 403
    assert ada.http.post(f"{PATH}/retry", json={}).status_code == 403
    assert httpx.get(server.base + PATH).status_code == 401
