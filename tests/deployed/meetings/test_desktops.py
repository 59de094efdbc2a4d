"""A meeting with its desktops on the deployed stack: the schedules, queues and functions are the
template's, EC2 is the stand-in's, Cloudflare and what runs on the machines are tests/deployed's.

What is left of the events of EC2 is a parameter: they only wake a function that asks EC2.
"""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.cloudflare_api import DOMAIN
from tests.deployed.desktops import PORT, SlowToStart
from tests.deployed.meetings.desk import (
    PATIENCE_S,
    ROLES,
    RULE,
    SWEEP,
    Desk,
    Queue,
    machine,
    opened,
)
from tests.deployed.meetings.test_meetings import schedule
from tests.deployed.stack import PREFIX, Stack
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

    desk.act("end")
    desk.until_gone(events)
    assert desk.status == "ENDED"
    assert desk.join("student").status == 410
    assert len(desk.instances()) == 2


def test_a_desktop_that_is_lost_gets_a_follower_with_another_name(
    campus: Campus, stack: Stack, staff: str
):
    desk = Desk(campus, stack, staff, schedule(campus, staff, 5))
    desk.until("HEALTHY", "late")
    lost, kept = desk.instances()
    desk.ec2.terminate_instances(InstanceIds=[lost])
    wait_for(lambda: len(desk.instances()) == 3, "another machine", PATIENCE_S)
    wait_for(lambda: f"{lost}.{DOMAIN}" not in desk.names(), "the name to be gone", PATIENCE_S)
    desk.until("HEALTHY", "late")
    (follower,) = set(desk.instances()) - {lost, kept}
    assert set(desk.names()) == {f"{each}.{DOMAIN}" for each in (kept, follower)}
    desk.act("cancel")
    desk.until_gone("late")


def test_machines_of_others_are_left_alone_and_our_own_of_no_meeting_are_ended(
    campus: Campus, stack: Stack, staff: str
):
    ec2, queue = stack.standin.client("ec2"), Queue(stack)
    strange, others, nobodys = (
        launch(ec2, tags)
        for tags in ({}, of_meeting("another-", str(uuid4())), of_meeting(PREFIX, str(uuid4())))
    )

    def is_ended() -> bool:
        queue.put(SWEEP, machine(strange), machine(others))
        time.sleep(1)
        return state_of(ec2, nobodys) == "terminated"

    wait_for(is_ended, "the machine of no meeting to be ended", PATIENCE_S)
    assert [state_of(ec2, each) for each in (strange, others)] == ["running", "running"]
    ec2.terminate_instances(InstanceIds=[strange, others])
    reaped = campus.call("GET", "/api/meetings/operation", token=staff)
    assert nobodys in str(reaped.json), reaped.body


def of_meeting(prefix: str, meeting_id: str) -> dict[str, str]:
    ours = {"installation": prefix, "meeting": meeting_id, "role": "student", "generation": "1"}
    return {f"quadrangle:{name}": value for name, value in ours.items()}


def launch(ec2: Any, tags: dict[str, str]) -> str:
    """Make a machine beside all meetings."""
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    said = {"TagSpecifications": [{"ResourceType": "instance", "Tags": listed}]} if tags else {}
    made = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, **said)
    return made["Instances"][0]["InstanceId"]


def state_of(ec2: Any, machine_id: str) -> str:
    found = ec2.describe_instances(InstanceIds=[machine_id])["Reservations"]
    return found[0]["Instances"][0]["State"]["Name"]
