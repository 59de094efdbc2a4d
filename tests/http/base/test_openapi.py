"""The description of the API is true: schemathesis asks every route it names, and docs agree."""

import asyncio
import json
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from quadrangle.hosts.one_machine.parts import Parts
from quadrangle.hosts.one_machine.server import Server
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.issues.http import photo_uploads as http_photo_uploads
from tests.conftest import NO_POSTGRES, POSTGRES
from tests.http.issues.test_photos import jpeg
from tests.running import RunningServer, wait_for

DOCS = Path(__file__).parents[3] / "docs"
METHODS = ("get", "put", "post", "patch", "delete")


async def described() -> dict[str, Any]:
    """Ask the application for its description, without a running server: tests are named by it."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    path = "/api/openapi.json"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Services(Parts(Settings(data=Path(folder)))))
        await server.app(scope, receive, send)
        await server.close()
    return json.loads(sent[1]["body"])


DESCRIPTION = asyncio.run(described())
OPERATIONS = [
    (method, path, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
]


# -- what schemathesis sends --------------------------------------------------------------------


def routes() -> BaseSchema:
    schema = schemathesis.openapi.from_dict(DESCRIPTION)
    schema.config.generation.update(modes=list(GenerationMode))
    # Streams stay open for as long as the server runs: tests/http/issues/test_live.py reads them.
    return schema.exclude(path_regex="/events$")


# What it does not know by itself is sent as it is.
schemathesis.serializer.alias(["image/heic", "image/heif"], "application/octet-stream")

anyone = routes()
# An admin who signs out has no token for what comes next:
# tests/http/accounts/test_accounts.py signs out.
admin = routes().exclude(path_regex="^/api/accounts/sign-out")

bounded = settings(
    max_examples=10,  # some 170 tests of this kind; the limit of the whole run is 15 minutes
    derandomize=True,  # the same requests each time, so that a failure is a change of ours
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Campus:
    """A server of its own, as these requests lock people out and change the catalog and the PIN.

    `ids` are those of things that are there, by the name of the path parameter.
    """

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.token = server.sign_in()
        issue_id = server.report(email="reporter@campus.example")
        photo = server.call(
            "POST",
            f"/api/issues/{issue_id}/photos",
            jpeg(),
            headers={"Content-Type": "image/jpeg"},
        )
        mails = wait_for(
            lambda: server.call("GET", "/api/mail/outbox", token=self.token).json["mails"],
            "the mails of the report",
        )
        self.ids = {
            "issueId": issue_id,
            "photoId": photo.json["photoId"],
            "accountId": server.hire(self.token, "bo@campus.example")["accountId"],
            "mailId": mails[0]["mailId"],
        }

    def check(self, case: Case, **headers: str) -> None:
        """Send the request and let every check look at the answer, save those untrue of it."""
        if case.meta is not None and not case.meta.is_negative_at(ParameterLocation.PATH):
            there = {name: self.ids[name] for name in case.path_parameters if name in self.ids}
            case.path_parameters = {**case.path_parameters, **there}
        case.call_and_validate(
            base_url=self.server.base, headers=headers, excluded_checks=untrue_of(case)
        )


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campus]:
    running = RunningServer(tmp_path_factory.mktemp("described")).start()
    yield Campus(running)
    running.stop()


@pytest.fixture(scope="module")
def other_campus(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str
) -> Iterator[Campus]:
    """One on PostgreSQL, which refuses texts and numbers that SQLite takes."""
    folder = tmp_path_factory.mktemp("described-postgresql")
    running = RunningServer(folder, QUADRANGLE_DATABASE_URL=postgres_server).start()
    yield Campus(running)
    running.stop()


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[str]:
    if not POSTGRES:
        pytest.skip(NO_POSTGRES)
    name = f"quadrangle_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield POSTGRES.rsplit("/", 1)[0] + "/" + name
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def untrue_of(case: Case) -> list[Any]:
    """Return the checks that do not hold for this request, each for its reason."""
    untrue: list[Any] = []
    if any(refuses(case) for refuses in REFUSED_FOR_MORE_THAN_ITS_SHAPE):
        untrue.append(positive_data_acceptance)
    return untrue


def body_of(case: Case) -> dict[str, Any]:
    return case.body if isinstance(case.body, dict) else {}


def at(case: Case, method: str, path: str) -> bool:
    return (case.operation.method.upper(), case.operation.path) == (method, path)


SECOND_FACTORS = tuple(f"/api/accounts/me/{it}" for it in ("totp", "recovery-codes", "passkeys"))
FROM_MAILS = tuple(
    f"/api/accounts/{it}" for it in ("confirm", "password-reset", "invitation", "sign-up")
)

# Values a schema allows and the service refuses all the same, since it knows more.
REFUSED_FOR_MORE_THAN_ITS_SHAPE: list[Callable[[Case], bool]] = [
    # Only cursors that the API gave out can be used.
    lambda case: "cursor" in (case.query or {}),
    # The assignee and the original must exist; and 1.0 is an integer to JSON Schema only.
    lambda case: (
        at(case, "PATCH", "/api/issues/{issueId}")
        and bool({"assigneeId", "duplicateOf", "version"} & set(body_of(case)))
    ),
    # Names must differ whatever their case; and 1.0 is an integer to JSON Schema only.
    lambda case: at(case, "PUT", "/api/issues/settings"),
    # Secrets that are easy to guess are refused, and the present one must be right.
    lambda case: at(case, "PUT", "/api/accounts/pin"),
    lambda case: at(case, "PUT", "/api/accounts/me/password"),
    # Passwords, codes, and what a ceremony was begun with must be right.
    lambda case: case.operation.path.startswith(SECOND_FACTORS),
    # Tokens must be of a mail; where nobody signs up, nobody does.
    lambda case: case.operation.path.startswith(FROM_MAILS),
    # The present password must be right, and an address another one than now.
    lambda case: case.operation.path in ("/api/accounts/me/email", "/api/accounts/me/close"),
    # The bytes must be a picture.
    lambda case: at(case, "POST", "/api/issues/{issueId}/photos"),
]


@anyone.parametrize()
@bounded
def test_each_route_answers_anyone_as_described(case: Case, campus: Campus):
    campus.check(case)


@admin.parametrize()
@bounded
def test_each_route_answers_an_admin_as_described(case: Case, other_campus: Campus):
    other_campus.check(case, Authorization=f"Bearer {other_campus.token}")


def test_the_admin_was_signed_in_all_the_while(other_campus: Campus):
    me = other_campus.server.call("GET", "/api/accounts/me", token=other_campus.token)
    assert me.status == 200


# -- what the description says ------------------------------------------------------------------


def test_this_is_the_description_the_server_gives(server: RunningServer):
    assert server.call("GET", "/api/openapi.json").json == DESCRIPTION


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_each_route_is_described_for_people(method: str, path: str, operation: dict[str, Any]):
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
    if {} not in operation.get("security", DESCRIPTION["security"]):
        assert "401" in answers


def test_each_route_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in names)


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in OPERATIONS])
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


def routes_of_aws_only() -> set[tuple[str, str]]:
    return {
        (method.lower(), path.replace(":str", ""))
        for route in http_photo_uploads.ROUTES
        for method in route.http_methods
        for path in route.paths
    }


def test_docs_list_the_routes_that_there_are_and_no_others():
    here = {(method, path) for method, path, _ in OPERATIONS}
    assert documented_routes() == here | routes_of_aws_only()


def test_nothing_is_used_that_will_be_gone(tmp_path: Path):
    server = RunningServer(tmp_path, PYTHONWARNINGS="error::DeprecationWarning").start()
    try:
        server.report()
        assert server.call("GET", "/get-all-issues", token=server.sign_in()).status == 200
    finally:
        server.stop()
