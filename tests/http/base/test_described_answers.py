"""The description of the API is true: schemathesis asks every route it names."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.hypothesis import builder
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    status_code_conformance,
)

from quadrangle.kernel.text import Checked
from quadrangle.videos.http.uploads import tus
from tests.databases import PostgresServer
from tests.http.base.description import CALLS, description
from tests.http.issues.test_photos import jpeg
from tests.properties import examples
from tests.running import RunningServer, wait_for

# Streams stay open for as long as the server runs: tests/http/issues/test_live.py reads them.
# Where tus is spoken, further methods are offered than the description has: tests/http/videos.
OF_TUS = {path for _, path in tus.CALLS}
ANYONES = [
    (method, path) for method, path in CALLS if not path.endswith("/events") and path not in OF_TUS
]
# An admin who signs out has no token for what comes next:
# tests/http/accounts/test_signed_in.py signs out.
ADMINS = [(method, path) for method, path in ANYONES if "/sign-out" not in path]

# What it does not know by itself is sent as it is.
schemathesis.serializer.alias(["image/heic", "image/heif"], "application/octet-stream")

bounded = settings(
    max_examples=examples(10, deeper=4),  # there are some 300 tests of this kind
    suppress_health_check=list(HealthCheck),
)


# About as much as the server reads of an address; it takes 64 KB.
ADDRESS_BYTES = 60_000
BODY_BYTES = 60_000  # of a body of JSON the same
# Why something in a description cannot be made up and would be left out.
UNTRIED = (
    builder.InvalidHeadersExampleMark,
    builder.InvalidRegexMark,
    builder.MissingPathParameters,
    builder.NonSerializableMark,
    builder.UnsatisfiableExampleMark,
    builder.UnserializablePayloadMark,
)


@cache
def described() -> BaseSchema:
    schema = schemathesis.openapi.from_dict(description())
    schema.config.generation.update(modes=list(GenerationMode))
    return schema


def ask(method: str, path: str, check: Callable[[Case], None]) -> None:
    """Send all that schemathesis makes up for a call.

    Its own way to have a test for each call makes everything up when tests are collected, in every
    process that runs some.
    """
    schema = described()
    modes = list(builder.HypothesisTestMode)
    config = builder.HypothesisTestConfig(schema.config, modes, explicit_settings=bounded)
    test = builder.create_test(operation=schema[path][method], test_func=check, config=config)
    assert not any(mark.is_set(test) for mark in UNTRIED)
    test()


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
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer
) -> Iterator[Campus]:
    """One on PostgreSQL, which refuses texts and numbers that SQLite takes."""
    folder = tmp_path_factory.mktemp("described-postgresql")
    with postgres.database() as url:
        running = RunningServer(folder, QUADRANGLE_DATABASE_URL=url).start()
        yield Campus(running)
        running.stop()


def untrue_of(case: Case) -> list[Any]:
    """Return the checks that do not hold for this request, each for its reason."""
    untrue: list[Any] = []
    if any(refuses(case) for refuses in REFUSED_FOR_MORE_THAN_ITS_SHAPE):
        untrue.append(positive_data_acceptance)
    if len(json.dumps(case.body, default=str)) > BODY_BYTES:
        untrue.append(negative_data_rejection)  # 413 comes before what is wrong with it
    if any(text != cleaned(text) for text in texts_of(case.body)):
        untrue.append(negative_data_rejection)  # what is wrong with it may be what goes first
    if len(urlencode(case.query or {})) > ADDRESS_BYTES:
        # the server answers 414 before anything of ours looks at the request
        untrue += [status_code_conformance, negative_data_rejection]
    return untrue


def cleaned(text: str) -> str:
    """Return what the rules read of a text: white space around it and unseen signs are gone."""
    return Checked().line("text", text, len(text))


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_of(each)


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
    # Keys of links are signed; times, time zones and pages that links lead to must be real ones.
    lambda case: case.operation.path.startswith(("/api/meetings", "/schedule", "/join/")),
    # Addresses must be of accounts, and a video is in a course once.
    lambda case: case.operation.path.startswith("/api/courses/") and case.method != "GET",
    lambda case: at(case, "PUT", "/api/gallery/videos/{videoId}/sharing"),
    # A second is within the video.
    lambda case: at(case, "PUT", "/api/gallery/videos/{videoId}/position"),
    # A key that another report was sent with is refused.
    lambda case: (
        at(case, "POST", "/report-issue")
        and any(name.lower() == "idempotency-key" for name in case.headers or {})
    ),
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
    # A key that has expired already is refused.
    lambda case: at(case, "POST", "/api/accounts/api-keys") and "expiresAt" in body_of(case),
    # The list must be of people, one a line.
    lambda case: at(case, "POST", "/api/accounts/people/import"),
    # The bytes must be a picture.
    lambda case: at(case, "POST", "/api/issues/{issueId}/photos"),
]


@pytest.mark.hypothesis
@pytest.mark.parametrize(("method", "path"), ANYONES)
def test_each_route_answers_anyone_as_described(method: str, path: str, campus: Campus):
    ask(method, path, lambda case: campus.check(case))


@pytest.mark.hypothesis
@pytest.mark.parametrize(("method", "path"), ADMINS)
def test_each_route_answers_an_admin_as_described(method: str, path: str, other_campus: Campus):
    headers = {"Authorization": f"Bearer {other_campus.token}"}
    ask(method, path, lambda case: other_campus.check(case, **headers))


def test_the_admin_was_signed_in_all_the_while(other_campus: Campus):
    me = other_campus.server.call("GET", "/api/accounts/me", token=other_campus.token)
    assert me.status == 200
