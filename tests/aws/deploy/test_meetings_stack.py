"""What must hold of deploy/aws/meetings.yaml: what wakes what launches desktops."""

from typing import Any

import msgspec
import pytest

from quadrangle.aws.jobs.messages import decode
from quadrangle.hosts.lambdas.meetings.reconciliation import MACHINE
from quadrangle.meetings.settling.watching import SWEEP
from quadrangle.meetings.take_home.packing import KEEP_HOUSE
from tests.standin.expanded import decided, expanded_templates, resources
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)

QUEUE = {"Fn::GetAtt": ["MeetingsReconcileQueue", "Arn"]}


def part(name: str) -> dict[str, Any]:
    return expanded_templates()["meetings"]["Resources"][name]["Properties"]


def job_of(rule: dict[str, Any], queue: Any = QUEUE, **event: str) -> Any:
    """Return the job that a rule makes of an event."""
    (target,) = rule["Targets"]
    assert target["Arn"] == queue
    text = target["InputTransformer"]["InputTemplate"]
    for name in target["InputTransformer"]["InputPathsMap"]:
        text = text.replace(f"<{name}>", msgspec.json.encode(event[name]).decode())
    return decode(text)


def test_every_change_of_state_of_every_machine_has_a_meeting_looked_at():
    """An event bears no tags: a rule that asked for them would never match."""
    rule = part("MachineEvents")
    assert rule["EventPattern"] == {
        "source": ["aws.ec2"],
        "detail-type": ["EC2 Instance State-change Notification"],
    }
    for each in resources("AWS::Events::Rule").values():
        assert "tags" not in each.get("EventPattern", {}).get("detail", {})
    job = job_of(rule, machine="i-0abc", at="2026-11-21T09:30:00Z")
    assert (job.function, job.payload) == (MACHINE, {"machine_id": "i-0abc"})


def test_a_sweep_each_minute_makes_up_for_what_got_lost():
    rule = part("MeetingSweep")
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert job_of(rule, at="2026-11-21T09:30:00Z").function == SWEEP


def test_house_is_kept_each_hour():
    rule, files = part("MeetingHouse"), {"Fn::GetAtt": ["MeetingsFilesQueue", "Arn"]}
    assert rule["ScheduleExpression"] == "rate(1 hour)"
    assert job_of(rule, files, at="2026-11-21T09:30:00Z").function == KEEP_HOUSE


@pytest.mark.parametrize("desktops", [True, False])
def test_without_desktops_nothing_is_asked_about_their_files_and_machines(desktops: bool):
    files = {"Fn::GetAtt": ["MeetingsFilesQueue", "Arn"]}
    found = decided(expanded_templates()["meetings"]["Resources"], {"HasDesktops": desktops})
    (source,) = [
        each["Properties"]
        for each in found.values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
        and each["Properties"]["EventSourceArn"] == files
    ]
    assert source["Enabled"] is desktops
    for name in ("MachineEvents", "MeetingHouse"):
        assert found[name]["Properties"]["State"] == ("ENABLED" if desktops else "DISABLED")


def test_two_at_most_look_at_meetings_at_a_time():
    (source,) = [
        each
        for each in resources("AWS::Lambda::EventSourceMapping").values()
        if each["EventSourceArn"] == QUEUE
    ]
    assert source["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert source["BatchSize"] == 1


def test_rules_and_schedules_alone_may_send_beside_the_functions():
    (allowed,) = part("MeetingsReconcileQueuePolicy")["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Condition"]["ArnEquals"]["aws:SourceArn"] == [
        {"Fn::GetAtt": ["MachineEvents", "Arn"]},
        {"Fn::GetAtt": ["MeetingSweep", "Arn"]},
    ]
    (policy,) = part("MeetingSchedulerRole")["Policies"]
    (sending,) = policy["PolicyDocument"]["Statement"]
    assert sending["Action"] == "sqs:SendMessage"
    assert QUEUE in sending["Resource"]


def test_the_table_forgets_what_is_over():
    ttl = part("MeetingsTable")["TimeToLiveSpecification"]
    assert ttl == {"AttributeName": "expiresAt", "Enabled": True}
