"""The hot lane answers as the framework does, byte for byte, and leaves to it what is not plain."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from quadrangle.kernel.errors import KeyReused, TooManyRequests, Unavailable
from tests.http.base.both_ways import BothWays, Request, Told
from tests.http.base.made_up_requests import (
    JSON,
    a_look_up,
    a_report,
    each_alone,
    look_ups,
    reports,
)
from tests.properties import examples

HOUR_S = 3600.0
FAULTS = [
    Unavailable(retry_after_s=7.2),
    TooManyRequests(retry_after_s=0),
    KeyReused(),
    OverflowError("date value out of range"),
    RuntimeError("a fault of ours"),
]


class Asked:
    """What tests ask, in one event loop."""

    def __init__(self, runner: asyncio.Runner, both: BothWays) -> None:
        self._run = runner.run
        self.both = both

    def ask(self, request: Request) -> Told:
        return self._run(self.both.ask(request))


@pytest.fixture(scope="module")
def _both(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BothWays]:
    made = BothWays(tmp_path_factory.mktemp("both"))
    runner.run(made.start())
    yield made
    runner.run(made.close())


@pytest.fixture(scope="module")
def asked(runner: asyncio.Runner, _both: BothWays) -> Asked:
    return Asked(runner, _both)


@pytest.fixture(autouse=True)
def _an_hour_later(asked: Asked) -> None:
    asked.both.later(HOUR_S)


a_request = st.one_of(reports(), look_ups())
faults = st.sampled_from([None] * 12 + FAULTS)


@settings(max_examples=examples(150, deeper=20))
@given(requests=st.lists(st.tuples(a_request, faults), min_size=1, max_size=6))
def test_both_ways_answer_alike(asked: Asked, requests: list[tuple[Request, Exception | None]]):
    asked.both.later(HOUR_S)
    for request, fault in requests:
        asked.both.fail(fault)
        try:
            asked.ask(request)
        finally:
            asked.both.fail(None)


def test_whatever_is_odd_about_one_is_answered_alike(asked: Asked):
    asked.ask(a_report())
    for request in each_alone():
        asked.both.later(HOUR_S)
        asked.ask(request)


@pytest.mark.parametrize(
    "request_",
    [
        a_report(),
        a_report(kind=b"application/json; charset=UTF-8"),
        a_report((b"user-agent", b"x"), (b"accept", b"*/*"), (b"accept-language", b"nl")),
        a_report((b"authorization", b"Bearer {staff}"), (b"idempotency-key", b"once")),
        a_report((b"x-api-key", b"{key}")),
        a_report((b"cookie", b"quadrangle_session={staff}"), (b"x-requested-with", b"quadrangle")),
        a_report((b"origin", b"https://elsewhere.example")),
        a_report(issueType=5),
        a_report(description="x" * 5001),
        replace(a_report(), path="/prod/report-issue"),
        replace(a_report(), says_last=False),
        a_look_up(),
        a_look_up((b"accept-encoding", b"gzip, br"), (b"x-requested-with", b"quadrangle")),
        a_look_up((b"if-none-match", b"*"), (b"cookie", b"a=b")),
        a_look_up(issue="00000000-0000-4000-8000-000000000000"),
    ],
)
def test_a_plain_request_takes_the_lane(asked: Asked, request_: Request):
    asked.ask(a_report())
    assert not asked.ask(request_).by_framework


@pytest.mark.parametrize(
    "request_",
    [
        a_report(kind=b"text/plain"),
        a_report(kind=b""),
        a_report((b"user-agent", b"x"), (b"user-agent", b"y")),
        a_report(more="x" * 65536),
        replace(a_report(), query=b"x=1"),
        replace(a_report(), method="PUT"),
        replace(a_report(), breaks_off=True, pieces=(b"{",)),
        replace(a_report(), headers=[(b"content-type", JSON)]),
        a_look_up(issue="{known}/"),
        a_look_up(issue="a b"),
        replace(a_look_up(), headers=[(b"host", b"a b")]),
        a_look_up((b"content-length", b"0")),
        replace(a_look_up(), method="HEAD"),
        replace(a_look_up(), method="OPTIONS"),
    ],
)
def test_another_is_left_to_the_framework(asked: Asked, request_: Request):
    asked.ask(a_report())
    assert asked.ask(request_).by_framework


def test_a_long_text_travels_compressed_both_ways(asked: Asked):
    asked.ask(a_report(description="The same words. " * 200))
    ours = (b"accept-encoding", b"gzip, br"), (b"x-requested-with", b"quadrangle")
    told = asked.ask(a_look_up(*ours))
    assert (b"content-encoding", b"gzip") in told.headers
    assert len(told.body) < 1024
    assert not told.by_framework


def test_limits_count_both_ways_as_one(asked: Asked):
    statuses = []
    for n in range(6):
        kind = JSON if n % 2 else b"text/plain"
        told = asked.ask(a_report(kind=kind))
        statuses.append((told.status, told.by_framework))
    assert [status for status, _ in statuses] == [200] * 3 + [429] * 3
    assert {by for _, by in statuses} == {True, False}


def test_a_key_gives_the_same_issue_whichever_way_it_comes(asked: Asked):
    key = (b"idempotency-key", b"whichever-way")
    first = asked.ask(a_report(key))
    again = asked.ask(a_report(key, kind=b"text/plain"))
    assert first.body == again.body
    assert (first.by_framework, again.by_framework) == (False, True)
    other = asked.ask(a_report(key, description="Something else"))
    assert (other.status, other.by_framework) == (422, False)


def test_a_machine_is_told_of_its_plan(asked: Asked):
    told = asked.ask(a_report((b"x-api-key", b"{key}")))
    assert not told.by_framework
    assert {b"ratelimit-limit", b"ratelimit-remaining"} <= {name for name, _ in told.headers}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("request_", [a_report(), a_look_up()], ids=["report", "look-up"])
def test_faults_are_told_alike(asked: Asked, fault: Exception, request_: Request):
    asked.ask(a_report())
    asked.both.fail(fault)
    try:
        told = asked.ask(request_)
    finally:
        asked.both.fail(None)
    assert told.status >= 400
    assert not told.by_framework


def test_it_is_counted_and_logged_by_its_address(asked: Asked):
    told = asked.ask(a_report())
    assert told.counted == [("POST", "/report-issue", 200)]
    assert told.logged == [("POST", "/report-issue", 200, {"issue_type": "Network"})]
    told = asked.ask(a_look_up())
    assert told.counted == [("GET", "/issue-status/{issueId}", 200)]


@pytest.mark.parametrize(
    "choices",
    [{"reporters": "accounts"}, {"cors_origins": ("https://elsewhere.example",)}],
    ids=["accounts only", "one other origin"],
)
def test_settings_hold_both_ways(runner: asyncio.Runner, tmp_path: Any, choices: dict[str, Any]):
    both = BothWays(tmp_path, **choices)
    asked = Asked(runner, both)
    runner.run(both.start())
    try:
        for origin in (b"https://elsewhere.example", b"https://third.example"):
            for headers in ([], [(b"authorization", b"Bearer {staff}")]):
                told = asked.ask(a_report((b"origin", origin), *headers))
                assert not told.by_framework or told.status == 403
                asked.ask(a_look_up((b"origin", origin)))
    finally:
        runner.run(both.close())
