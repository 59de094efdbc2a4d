"""A meeting with desktops on the deployed stack, as people, EC2 and Cloudflare see it."""

import json
import os
import ssl
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tests.cloudflare_api import DOMAIN, CloudflareApi
from tests.deployed.desktops import Names
from tests.deployed.stack import PREFIX, Stack
from tests.running import Campus, wait_for

PATIENCE_S = 90
TOLD_EVERY_S = 1.0
ROLES = ("teacher", "student")
SWEEP: dict[str, Any] = {"function": "meetings.sweep", "payload": {}}
RULE = f"{PREFIX}machine-events"


class Desk:
    """One meeting; `scheduled` is what scheduling it answered."""

    def __init__(self, campus: Campus, stack: Stack, token: str, scheduled: dict[str, Any]) -> None:
        self.campus, self.stack, self.token = campus, stack, token
        self.meeting_id: str = scheduled["id"]
        self.keys = {
            role: scheduled[f"{role}_link"].partition("key=")[2].partition("&")[0] for role in ROLES
        }
        self.ec2 = stack.standin.client("ec2")
        self._queues = Queue(stack)
        self._told_at = 0.0

    @property
    def status(self) -> str:
        return self.campus.call("GET", f"/api/meetings/{self.meeting_id}", token=self.token).json[
            "status"
        ]

    def join(self, role: str) -> Any:
        path = f"/join/{self.meeting_id}/{role}"
        return self.campus.call("GET", path, headers={"X-Join-Key": self.keys[role]})

    def act(self, verb: str) -> None:
        """Have it ended, or cancelled before anybody joined."""
        path = f"/api/meetings/{self.meeting_id}/{verb}"
        done = self.campus.call("POST", path, {}, token=self.token)
        assert done.status == 200, done.body

    def instances(self) -> dict[str, dict[str, Any]]:
        """Return every instance that was ever made for the meeting and that EC2 still knows."""
        mine = [{"Name": "tag:quadrangle:meeting", "Values": [self.meeting_id]}]
        found = self.ec2.describe_instances(Filters=mine)["Reservations"]
        return {
            each["InstanceId"]: each for reservation in found for each in reservation["Instances"]
        }

    def states(self) -> list[str]:
        return sorted(each["State"]["Name"] for each in self.instances().values())

    def names(self) -> dict[str, str]:
        """Return the names at Cloudflare that are those of the meeting's instances."""
        mine = {f"{each}.{DOMAIN}" for each in self.instances()}
        return {name: to for name, to in names().all().items() if name in mine}

    def until(self, status: str, events: str) -> None:
        """Wait for a status, while what is left of the events comes in."""
        wait_for(lambda: self._reached(status, events), status, PATIENCE_S)

    def until_gone(self, events: str) -> None:
        def is_gone() -> bool:
            self.tell(events)
            return set(self.states()) == {"terminated"} and not self.names()

        wait_for(is_gone, "desktops and names to be gone", PATIENCE_S)

    def _reached(self, status: str, events: str) -> bool:
        if self.status == status:
            return True
        self.tell(events)
        return self.status == status

    def tell(self, events: str) -> None:
        """Have the queue get what it may get besides, or instead of, what EC2 tells; at most once
        a second."""
        if time.monotonic() - self._told_at < TOLD_EVERY_S:
            return
        self._told_at = time.monotonic()
        machines = list(self.instances())
        if events == "doubled":
            self._queues.put(*[machine(each) for each in machines * 2])
        if events == "strangers":
            self._queues.put(machine("i-0123456789abcdef0"))
        if events in ("lost", "late"):
            self._queues.put(SWEEP)
        if events == "late":
            self._queues.put(*[machine(each) for each in reversed(machines)])


class Queue:
    """The queue of the function that launches desktops."""

    def __init__(self, stack: Stack) -> None:
        self._sqs = stack.standin.client("sqs")
        self._url = self._sqs.get_queue_url(QueueName=f"{PREFIX}meetings-reconcile")["QueueUrl"]

    def put(self, *jobs: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for job in jobs:
            self._sqs.send_message(
                QueueUrl=self._url, MessageBody=json.dumps({**job, "runAt": now})
            )


def machine(machine_id: str) -> dict[str, Any]:
    """Return the job that an event of EC2 becomes."""
    return {"function": "meetings.machine", "payload": {"machine_id": machine_id}}


def names() -> Names:
    return Names(os.environ["QUADRANGLE_TEST_CLOUDFLARE"], CloudflareApi().token)


def opened(url: str, addresses: dict[str, str]) -> tuple[int, bytes]:
    """Return what a desktop says to the browser that was sent there, by where its name leads."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    parts = urlsplit(url)
    there = parts._replace(netloc=f"{addresses[str(parts.hostname)]}:{parts.port}", fragment="")
    try:
        with urllib.request.urlopen(there.geturl(), context=trust, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
