"""The description of the API is whole, is for people, and docs agree with it."""

import re
from pathlib import Path

import pytest

from quadrangle.issues.http import photo_uploads as http_photo_uploads
from quadrangle.meetings.http.desktops import machines
from quadrangle.meetings.http.materials import files
from quadrangle.videos.http.uploads import parts, tus
from tests.http.base.description import CALLS, description
from tests.running import RunningServer

DOCS = Path(__file__).parents[3] / "docs"


def test_this_is_the_description_the_server_gives(server: RunningServer):
    assert server.call("GET", "/api/openapi.json").json == description()


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_each_route_is_described_for_people(method: str, path: str):
    operation = description()["paths"][path][method]
    assert operation["summary"]
    assert operation["tags"]
    answers = operation["responses"]
    assert "503" in answers
    for status, answer in answers.items():
        assert answer["description"]
        assert "X-Request-Id" in answer["headers"]
        if status >= "400":
            assert answer["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Problem"
            }
    if method != "get" and "requestBody" in operation:
        assert {"400", "413"} <= answers.keys()
    if "{" in path:
        assert "404" in answers
    if {} not in operation.get("security", description()["security"]):
        assert "401" in answers


def test_every_call_is_described_and_nothing_else():
    paths = description()["paths"]
    assert sorted((method, path) for path in paths for method in paths[path]) == sorted(CALLS)


def test_each_route_has_a_name_of_its_own():
    paths = description()["paths"]
    names = [paths[path][method]["operationId"] for method, path in CALLS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in names)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_each_path_answers_under_the_stage_too(server: RunningServer, method: str, path: str):
    asked = re.sub(r"\{\w+\}", "1", path)
    plain = server.call(method.upper(), asked)
    staged = server.call(method.upper(), "/prod" + asked)
    assert staged.status == plain.status
    assert staged.headers.get("content-type") == plain.headers.get("content-type")
    if plain.status >= 400:
        assert staged.json == plain.json
        assert plain.json["message"] != "There is nothing at this address."


def documented_routes() -> set[tuple[str, str]]:
    """Read the tables of docs/api*.md: a method and a path in the first cell, `…` repeats it."""
    found = set()
    for line in "".join(page.read_text() for page in DOCS.glob("api*.md")).splitlines():
        if not line.startswith("| `"):
            continue
        cell = line.split("|")[1]
        for method, path in re.findall(r"`([A-Z]+) ([^`]+)`", cell):
            path = path.partition("?")[0]
            found.add((method.lower(), path))
            found |= {(method.lower(), path + more) for more in re.findall("`…([^`]+)`", cell)}
    return found


def test_each_kind_of_body_has_a_name_of_its_own():
    """Names that two services give are told apart by their modules, which clients would see."""
    assert not [name for name in description()["components"]["schemas"] if "_http_" in name]


def routes_of_aws_only() -> set[tuple[str, str]]:
    return {
        (method.lower(), path.replace(":str", ""))
        for route in [
            *http_photo_uploads.ROUTES,
            *machines.ROUTES,
            *files.ANNOUNCED,
            *parts.ROUTES,
        ]
        for method in route.http_methods
        for path in route.paths
    }


def test_docs_list_the_routes_that_there_are_and_no_others():
    of_tus = {(method.lower(), path) for method, path in tus.CALLS}
    assert documented_routes() == set(CALLS) | routes_of_aws_only() | of_tus


def test_nothing_is_used_that_will_be_gone(tmp_path: Path):
    server = RunningServer(tmp_path, PYTHONWARNINGS="error::DeprecationWarning").start()
    try:
        server.report()
        assert server.call("GET", "/get-all-issues", token=server.sign_in()).status == 200
    finally:
        server.stop()
