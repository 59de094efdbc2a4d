"""What a container of Lambda does without at its start, as all of it delays the first answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.aws.inventory import INVENTORY
from quadrangle.accounts.http import frequent as frequent_account_routes
from quadrangle.accounts.http import routes as account_routes
from quadrangle.aws.base.models import SERVICES
from quadrangle.hosts.lambdas.base.start import COLLECT_AFTER
from quadrangle.issues.http import open as open_routes
from quadrangle.issues.http import routes as issue_routes

# Each takes long to load and is imported, where a call needs it, by that call.
NEVER_AT_START = {
    *("argon2", "cryptography", "jwt", "pyotp", "segno", "webauthn", "zxcvbn"),  # accounts
    "httpx",  # outside issuers
    *("PIL", "pillow_heif"),  # pictures
    *("sqlalchemy", "psycopg", "granian", "aiosmtplib", "prometheus_client"),  # one machine
    *("boto3", "s3transfer", "jinja2", "yaml.loader"),
    "quadrangle.hosts.lambdas.base.description",
}
NO_ROUTES = {"litestar", "mangum", "quadrangle.http"}
OTHERS_CALLS = {
    *("quadrangle.accounts", "quadrangle.mail", "quadrangle.aws.accounts.attempts"),
    *("quadrangle.hosts.lambdas.issues.seldom", "quadrangle.issues.http.routes"),
    *("quadrangle.issues.http.photos", "quadrangle.issues.http.statistics"),
}
SELDOM_ABOUT_ACCOUNTS = {
    *(
        "quadrangle.issues.http",
        "quadrangle.accounts.http.routes",
        "quadrangle.accounts.http.people",
    ),
    *("quadrangle.accounts.http.sign_up", "quadrangle.accounts.http.two_factor"),
}
QUEUES = {job: each.name for each in INVENTORY.workers for job in each.jobs}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # where nobody listens: a start reaches nothing
    "QUADRANGLE_PREFIX": "t-",
    "QUADRANGLE_PHOTOS_BUCKET": "photos",
    "QUADRANGLE_MAIL_FROM": "Quadrangle <mail@campus.example>",
    "QUADRANGLE_QUEUE_BASE": "https://sqs.example/t-",
    "QUADRANGLE_QUEUES": json.dumps(QUEUES),
    "QUADRANGLE_REACTIONS": "issues.mail-report,issues.project",
    "QUADRANGLE_USER_POOL": "eu-central-1_pool",
    "QUADRANGLE_POOL_CLIENTS": "timetable",
    "QUADRANGLE_OIDC_ISSUER": "https://sso.campus.example",
    "QUADRANGLE_OIDC_CLIENT_ID": "quadrangle",
}
PROGRAM = """
import gc, json, os, sys
from importlib import import_module
module, events = import_module("quadrangle.hosts.lambdas." + sys.argv[1]), json.loads(sys.argv[2])
loaded = sorted(sys.modules)
answers = os.dup(1)
os.dup2(2, 1)
statuses = [module.handler(event, None)["statusCode"] for event in events]
from quadrangle.aws.base.clients import client
seen = {"loaded": loaded, "then": sorted(sys.modules), "statuses": statuses,
        "collects": gc.get_threshold()[0], "clients": client.cache_info().currsize}
os.write(answers, json.dumps(seen).encode())
"""


class Seen(msgspec.Struct):
    """Modules loaded at the start and after the calls, how calls were answered, what runs then."""

    loaded: set[str]
    then: set[str]
    statuses: list[int]
    collects: int
    clients: int


def start(function: str, *calls: dict[str, Any]) -> Seen:
    """Start a container of a function and make the calls."""
    command = [sys.executable, "-c", PROGRAM, function, json.dumps(calls)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=Seen)


def within(loaded: set[str], names: set[str]) -> set[str]:
    """Return which of some modules and packages were loaded."""
    return {
        name for name in names for each in loaded if each == name or each.startswith(name + ".")
    }


def get(path: str) -> dict[str, Any]:
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": {"Host": "api.campus.example"},
        "multiValueHeaders": {"Host": ["api.campus.example"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {"stage": "prod", "identity": {"sourceIp": "192.0.2.7"}},
        "body": None,
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize(
    ("function", "without", "clients"),
    [
        ("issues.http", OTHERS_CALLS, 1),
        ("accounts.http", SELDOM_ABOUT_ACCOUNTS, 1),
        ("operation.http", set(), 1),
        ("meetings.http", {"icalendar"}, 1),
        ("meetings.react", NO_ROUTES | {"icalendar"}, 1),
        ("meetings.reconcile", NO_ROUTES | {"icalendar"}, 1),
        ("base.dispatch", NO_ROUTES | {"icalendar"}, 1),
        ("base.react", NO_ROUTES, 1),
        ("operation.deliver", NO_ROUTES, 2),
        ("issues.photos", NO_ROUTES, 2),
        ("audit.check", NO_ROUTES, 2),
    ],
)
def test_a_function_starts_with_what_its_first_calls_need(
    function: str, without: set[str], clients: int
):
    seen = start(function)
    assert within(seen.loaded, NEVER_AT_START | without) == set()
    assert seen.collects == COLLECT_AFTER
    assert seen.clients == clients < len(SERVICES)


@pytest.mark.parametrize("function", ["accounts.setup", "accounts.keys_rotate"])
def test_functions_that_nobody_waits_for_collect_too(function: str):
    assert start(function).collects == COLLECT_AFTER


def test_containers_that_begin_from_one_picture_differ(tmp_path: Path):
    """Lambda's runtime calls what was registered in each of them; random numbers begin anew."""
    runtime = "registered = []\nregister_after_restore = registered.append\n"
    (tmp_path / "snapshot_restore_py.py").write_text(runtime)
    pictured = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start", "PYTHONPATH": str(tmp_path)}
    program = (
        "import random, snapshot_restore_py as runtime;"
        "from quadrangle.hosts.lambdas.base.start import started;"
        "started(); state = random.getstate();"
        "[restored() for restored in runtime.registered];"
        "print(len(runtime.registered), random.getstate() != state)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**ENVIRONMENT, **pictured},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "1 True\n", done.stderr


def test_what_was_not_loaded_is_when_it_is_asked_for():
    seen = start("issues.http", get("/get-all-issues"), get("/nowhere"), get("/api/issues/none"))
    assert seen.statuses == [401, 404, 401]
    assert within(seen.then, OTHERS_CALLS) >= {"quadrangle.issues.http.routes"}


def test_the_sign_in_page_names_the_issuer_without_waiting_for_what_asks_it():
    seen = start("accounts.http", get("/api/accounts/options"))
    assert seen.statuses == [200]
    assert within(seen.then, {"httpx"}) == set()


def test_calls_about_accounts_that_are_seldom_are_answered_too():
    often, seldom = "/api/accounts/me", "/api/accounts/me/sessions"
    calls = [get(often), get(f"{often}/"), get(seldom), get("/api/accounts/nowhere"), get(often)]
    assert start("accounts.http", *calls).statuses == [401, 401, 401, 404, 401]


@pytest.mark.parametrize(
    ("often", "seldom"),
    [
        (frequent_account_routes.ROUTES, account_routes.SELDOM),
        (open_routes.ROUTES, issue_routes.SELDOM),
    ],
)
def test_no_address_has_calls_in_both_groups(often: list[Any], seldom: list[Any]):
    paths = [{path for route in group for path in route.paths} for group in (often, seldom)]
    assert paths[0].isdisjoint(paths[1])
