"""A meeting with its desktops on the deployed stack: the schedules, queues and functions are the
template's, EC2 is the stand-in's, Cloudflare and what runs on the machines are tests/deployed's.

What is left of the events of EC2 is a parameter: they only wake a function that asks EC2.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.cloudflare_api import DOMAIN
from tests.deployed.desktops import PORT, SlowToStart
from tests.deployed.meetings.desk import ROLES, RULE, Desk, machine, names, opened
from tests.deployed.meetings.test_meetings import schedule
from tests.deployed.stack import Stack
from tests.running import Campus, wait_for

EVENTS = ["told", "doubled", "strangers", "lost", "late"]


@pytest.fixture
def events(request: pytest.FixtureRequest, stack: Stack) -> Iterator[str]:
    """What becomes of the events: none reach the queue where they are lost, or late."""
    rules = stack.standin.client("events")
    if request.param in ("lost", "late"):
        rules.disable_rule(Name=RULE)
    yield request.param
    rules.enable_rule(Name=RULE)


@pytest.fixture
def slow(stack: Stack) -> SlowToStart:
    return SlowToStart(stack.folder)


@pytest.mark.parametrize("events", EVENTS, indirect=True)
def test_a_meeting_from_beginning_to_end(
    campus: Campus, stack: Stack, staff: str, slow: SlowToStart, events: str
):
    with slow:
        desk = Desk(campus, stack, staff, schedule(campus, staff, 5))
        desk.until("DNS_WRITTEN", events)
        assert desk.states() == ["running", "running"]
        there = {
            f"{machine_id}.{DOMAIN}": each["PublicIpAddress"]
            for machine_id, each in desk.instances().items()
        }
        assert desk.names() == there
        assert desk.join("teacher").status == 202
    desk.until("HEALTHY", events)

    for role in ROLES:
        joined = desk.join(role)
        assert joined.status == 200, joined.body
        parts = urlsplit(joined.json["url"])
        tags = {t["Key"]: t["Value"] for t in desk.instances()[parts.fragment]["Tags"]}
        assert (parts.port, tags["quadrangle:role"]) == (PORT, role)
        assert opened(joined.json["url"], there)[0] == 200
        # what opened it once opens nothing again
        assert opened(joined.json["url"], there)[0] == 401
    assert desk.status == "IN_PROGRESS"

    ended = campus.call("POST", f"/api/meetings/{desk.meeting_id}/end", {}, token=staff)
    assert ended.status == 200, ended.body
    desk.until_gone(events)
    assert desk.status == "ENDED"
    assert desk.join("student").status == 410
    assert len(desk.instances()) == 2
