"""Who runs a course: several teachers, none whose role was taken away, handed over by staff."""

import httpx
import pytest

from tests.http.videos.film import Uploader, hired_as
from tests.running import RunningServer


@pytest.fixture(scope="module")
def eve(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "eve@campus.example", "teacher")


@pytest.fixture(scope="module")
def fay(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "fay@campus.example", "staff")


@pytest.fixture(scope="module")
def gus(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "gus@campus.example", "student")


def course(who: Uploader) -> str:
    return "/api/courses/" + who.http.post("/api/courses", json={"title": "Optics"}).json()["id"]


def named(who: Uploader, path: str) -> dict[str, str]:
    people = who.http.get(f"{path}/teachers").json()["people"]
    return {each["name"]: each["account_id"] for each in people}


def add(who: Uploader, path: str, name: str) -> httpx.Response:
    return who.http.post(f"{path}/teachers", json={"email": f"{name}@campus.example"})


def hand_over(who: Uploader, path: str, name: str) -> httpx.Response:
    return who.http.put(f"{path}/owner", json={"email": f"{name}@campus.example"})


def test_every_teacher_of_a_course_runs_it(ada: Uploader, ben: Uploader, eve: Uploader):
    path = course(ada)
    assert ben.http.get(path).status_code == 404
    added = add(ada, path, "ben")
    assert (added.status_code, added.json()["other_teachers"]) == (201, ["Ben"])
    assert add(ada, path, "ben").status_code == 400
    assert ben.http.get(path).json()["mine"] is True
    listed = ben.http.get("/api/courses", params={"mine": "true", "limit": 100}).json()["courses"]
    assert path.rpartition("/")[2] in [each["id"] for each in listed]
    assert ben.http.put(path, json={"title": "Light"}).status_code == 200
    assert ben.http.get(f"{path}/members").status_code == 200
    film = ben.upload(b"", title="Lenses")
    order = ben.http.put(f"{path}/videos", json={"videos": [film]})
    assert order.json()["video_count"] == 1
    # a film of a colleague's that is private keeps its place when somebody else orders
    mine = ada.upload(b"", title="Prisms")
    assert ada.http.put(f"{path}/videos", json={"videos": [mine]}).json()["video_count"] == 2
    assert list(named(ada, path)) == ["Ada", "Ben"]
    assert eve.http.get(f"{path}/teachers").status_code == 404


def test_the_last_teacher_cannot_leave(ada: Uploader, ben: Uploader):
    path = course(ada)
    ids = {**named(ada, path)}
    refused = ada.http.delete(f"{path}/teachers/{ids['Ada']}")
    assert refused.status_code == 409
    assert "teacher" in refused.json()["message"]
    add(ada, path, "ben")
    ids = named(ada, path)
    assert ada.http.delete(f"{path}/teachers/{ids['Ada']}").status_code == 204
    assert ada.http.get(path).status_code == 404
    shown = ben.http.get(path).json()
    assert (shown["owner_name"], shown["other_teachers"]) == ("Ben", [])
    assert ben.http.delete(f"{path}/teachers/{ids['Ada']}").status_code == 404
    assert ben.http.delete(f"{path}/teachers/{ids['Ben']}").status_code == 409


def test_a_demoted_teacher_runs_no_course(
    server: RunningServer, admin: str, ada: Uploader, eve: Uploader, fay: Uploader, gus: Uploader
):
    path = course(eve)
    eve.http.post(f"{path}/members", json={"email": "ada@campus.example"})
    account = f"/api/accounts/people/{named(eve, path)['Eve']}"
    assert server.call("PATCH", account, {"role": "student"}, token=admin).status == 200
    token = server.sign_in("eve@campus.example", password_of(server, admin, account))
    demoted = Uploader(server, token).http
    assert demoted.get(path).json()["mine"] is False
    assert demoted.get(f"{path}/members").status_code == 403
    assert demoted.put(path, json={"title": "Mine"}).status_code == 403
    assert demoted.put(f"{path}/videos", json={"videos": []}).status_code == 403
    assert demoted.delete(path).status_code == 403
    assert hand_over(Uploader(server, token), path, "ada").status_code == 403
    # staff finds it, sees who teaches it, and gives it to a teacher
    listed = fay.http.get("/api/courses", params={"all": "true", "limit": 100}).json()["courses"]
    assert path.rpartition("/")[2] in [each["id"] for each in listed]
    assert ada.http.get("/api/courses", params={"all": "true"}).status_code == 403
    shown = fay.http.get(path).json()
    assert (shown["mine"], shown["can_hand_over"]) == (False, True)
    assert fay.http.get(f"{path}/members").status_code == 403
    assert hand_over(fay, path, "gus").status_code == 400
    assert hand_over(fay, path, "ada").json()["owner_name"] == "Ada"
    assert ada.http.get(path).json()["mine"] is True
    assert demoted.get(path).status_code == 404
    assert hand_over(gus, path, "ben").status_code == 404


def password_of(server: RunningServer, admin: str, account: str) -> str:
    """Give somebody a new password, for a change of role ends what they were signed in with."""
    answer = server.call("POST", f"{account}/password", {}, token=admin)
    assert answer.status == 200, answer.body
    return answer.json["password"]
