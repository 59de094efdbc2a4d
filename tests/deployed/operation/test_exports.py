"""Lists that are longer than an answer of a function can be, with the rights the functions have."""

import csv
import io
import json
import urllib.error
import urllib.request
from contextlib import ExitStack
from uuid import uuid4

import pytest

from tests.deployed.audit.test_audit import altered
from tests.deployed.issues.test_photos import Staying
from tests.deployed.roles import without
from tests.deployed.stack import Stack
from tests.running import Campus, lower, wait_for

Rows = list[dict[str, str]]
LARGE = 390_000  # bytes; DynamoDB takes items of 400 KB


def exported(campus: Campus, path: str, token: str) -> tuple[Rows, bool]:
    """Return the rows of an export, and whether they came from the bucket."""
    request = urllib.request.Request(
        campus.base + path, headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.build_opener(Staying).open(request, timeout=30) as answer:
            return rows_of(answer), False
    except urllib.error.HTTPError as error:
        with error:
            assert error.code == 302, error.read()
            address = lower(error.headers)["location"]
    with urllib.request.urlopen(address, timeout=30) as answer:
        return rows_of(answer), True


def rows_of(answer) -> Rows:
    csv.field_size_limit(2 * LARGE)
    headers = lower(answer.headers)
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-disposition"].startswith("attachment; filename=")
    return list(csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig"), newline="")))


def test_a_short_and_a_long_list_of_issues(campus: Campus, staff: str):
    place = f"Room {uuid4().hex[:8]}"
    path = f"/api/issues/export.csv?location={place.replace(' ', '+')}"
    told = "🎓" * 5_000
    ids = [campus.report(location=place, description=told)]
    (row,), stored = exported(campus, path, staff)
    assert (row["description"], stored) == (told, False)

    ids += [campus.report(location=place, description=told) for _ in range(55)]
    rows, stored = exported(campus, path, staff)
    assert stored
    assert [row["issue_id"] for row in rows] == ids[::-1]
    assert all(row["description"] == told for row in rows)


@pytest.fixture
def long_audit(campus: Campus, stack: Stack, staff: str):
    """An audit with some records as long as DynamoDB takes them, for a while."""
    for _ in range(3):
        campus.sign_in()

    def last_three() -> list[int] | None:
        answer = campus.call("GET", "/api/accounts/audit?kind=account.signed-in", token=staff)
        found = [record["seq"] for record in answer.json["records"][:3]]
        return found if len(found) == 3 else None

    found = wait_for(last_three, "records of signing in")
    details = json.dumps({"field": "x" * LARGE})
    with ExitStack() as stays:
        for seq in found:
            stays.enter_context(altered(stack, seq, details=details))
        yield found


def test_a_long_audit(campus: Campus, staff: str, long_audit: list[int]):
    rows, stored = exported(campus, "/api/accounts/audit.csv", staff)
    assert stored
    assert {int(row["seq"]) for row in rows} >= set(long_audit)
    assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))


def test_without_the_right_to_the_bucket_it_says_so(
    campus: Campus, stack: Stack, staff: str, long_audit: list[int]
):
    with without(stack, "accounts-http", "s3:PutObject", "/exports/*"):
        answer = campus.call("GET", "/api/accounts/audit.csv", token=staff)
    assert answer.status == 503
