"""The settings of a campus: types, places, targets."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.http.issues.issue_calls import get
from tests.running import RunningServer, wait_for


@pytest.fixture
def catalog(each_server: RunningServer) -> Iterator[dict[str, Any]]:
    """The settings as they are; they are put back afterwards."""
    token = each_server.sign_in()
    before = get(each_server, "/api/issues/settings", token)
    yield before
    now = get(each_server, "/api/issues/settings", token)
    assert save(each_server, token, before | {"version": now["version"]}).status == 200


def save(server: RunningServer, token: str, body: dict[str, Any]) -> Any:
    return server.call("PUT", "/api/issues/settings", body, token=token)


@pytest.mark.smoke
def test_settings_are_saved_and_offered_at_once(each_server: RunningServer, catalog: Any):
    server = each_server
    token = server.sign_in()
    wanted = {
        "campusName": "Ünter den Linden",
        "issueTypes": [
            {"name": "Elevator", "targetHours": 2},
            {"name": "Ghosts", "targetHours": None},
            {"name": "Other", "targetHours": 96},
        ],
        "locations": ["North", "South"],
        "version": catalog["version"],
    }
    saved = save(server, token, wanted)
    assert saved.status == 200
    assert saved.json == wanted | {"version": catalog["version"] + 1}
    assert get(server, "/api/issues/settings", token) == saved.json
    config = get(server, "/api/config", None)
    assert {name: config[name] for name in ("campusName", "issueTypes", "locations")} == {
        name: wanted[name] for name in ("campusName", "issueTypes", "locations")
    }
    issue = server.call("GET", f"/issue-status/{server.report(issueType='Elevator')}").json
    reported, due = (datetime.fromisoformat(issue[at]) for at in ("createdAt", "dueAt"))
    assert due - reported == timedelta(hours=2)
    ghost = server.call("GET", f"/issue-status/{server.report(issueType='Ghosts')}").json
    assert ghost["dueAt"] is None


def test_names_are_trimmed_and_a_target_may_be_left_out(each_server: RunningServer, catalog: Any):
    token = each_server.sign_in()
    body = catalog | {"issueTypes": [{"name": " Lost   keys\n"}], "locations": [" Attic "]}
    saved = save(each_server, token, body).json
    assert saved["issueTypes"] == [{"name": "Lost   keys", "targetHours": None}]
    assert saved["locations"] == ["Attic"]


def test_settings_of_others_are_not_written_over(each_server: RunningServer, catalog: Any):
    server = each_server
    token = server.sign_in()
    assert save(server, token, catalog | {"campusName": "First"}).status == 200
    for version in (catalog["version"], catalog["version"] + 7, 0, 2**53 - 1):
        answer = save(server, token, catalog | {"campusName": "Second", "version": version})
        assert answer.status == 409, version
        assert "Load it again" in answer.json["message"]
    assert get(server, "/api/config", None)["campusName"] == "First"


@pytest.mark.smoke
def test_of_those_who_save_at_once_one_wins(each_server: RunningServer, catalog: Any):
    token = each_server.sign_in()
    statuses: list[int] = []

    def try_it(name: str) -> None:
        statuses.append(save(each_server, token, catalog | {"campusName": name}).status)

    threads = [threading.Thread(target=try_it, args=(f"Campus {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 5


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"campusName": " "}, ["campusName"]),
        ({"campusName": 7}, ["campusName"]),
        ({"issueTypes": []}, ["issueTypes"]),
        ({"issueTypes": [{"name": ""}]}, ["issueTypes.0.name"]),
        ({"issueTypes": [{"name": "A", "targetHours": 0}]}, ["issueTypes.0.targetHours"]),
        ({"issueTypes": [{"name": "A", "targetHours": 8761}]}, ["issueTypes.0.targetHours"]),
        ({"issueTypes": [{"name": "A", "targetHours": "8"}]}, ["issueTypes"]),
        ({"issueTypes": [{"name": "A"}, {"name": "a "}]}, ["issueTypes.1"]),
        ({"issueTypes": [{"name": str(i)} for i in range(51)]}, ["issueTypes"]),
        ({"issueTypes": [{}]}, ["issueTypes"]),
        ({"locations": []}, ["locations"]),
        ({"locations": ["A", "x" * 101]}, ["locations.1"]),
        ({"locations": ["A", "B", "a"]}, ["locations.2"]),
        ({"locations": ["A\x00"]}, ["locations.0"]),
        ({"locations": "Library"}, ["locations"]),
        ({"version": -1}, ["version"]),
        ({"version": 2**53}, ["version"]),
        ({"campusName": "", "locations": []}, ["campusName", "locations"]),
    ],
)
def test_the_faults_of_settings_are_named(
    server: RunningServer, admin: str, fields: dict[str, Any], faulty: list[str]
):
    body = get(server, "/api/issues/settings", admin) | fields
    answer = save(server, admin, body)
    assert answer.status == 400
    assert [error["field"] for error in answer.json["errors"]] == faulty
    assert all(error["message"].endswith(".") for error in answer.json["errors"])


def test_another_server_on_the_same_database_offers_the_new_type_too(
    tmp_path: Path, postgres_url: str
):
    names = ("one", "two")
    servers = [
        RunningServer(tmp_path / name, QUADRANGLE_DATABASE_URL=postgres_url) for name in names
    ]
    try:
        for server, name in zip(servers, names, strict=True):
            (tmp_path / name).mkdir()
            server.start()
        here, there = servers
        assert get(there, "/api/config", None)["campusName"] != "Two in one"
        token = here.sign_in()
        body = get(here, "/api/issues/settings", token) | {"campusName": "Two in one"}
        assert save(here, token, body).status == 200
        wait_for(
            lambda: get(there, "/api/config", None)["campusName"] == "Two in one",
            "the other server to hear of it",
        )
    finally:
        for server in servers:
            server.end()


def test_anyone_may_read_what_the_forms_offer(server: RunningServer):
    config = get(server, "/api/config", None)
    assert set(config) == {
        "campusName",
        "issueTypes",
        "locations",
        "photoLimit",
        "mailDelivery",
        "services",
        "publicUrl",
        "otherUrls",
    }
    assert {"name", "targetHours"} == set(config["issueTypes"][0])
    assert config["photoLimit"]["bytes"] == 12 * 1024 * 1024
    assert config["photoLimit"]["perIssue"] == 10
    assert "image/heic" in config["photoLimit"]["types"]
    assert config["photoLimit"]["upload"] == "direct"
    assert config["mailDelivery"] == "outbox"
