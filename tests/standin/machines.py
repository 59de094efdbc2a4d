"""Makes instances of the stand-in's EC2 as AWS does, as far as meetings lean on it:

- a launch template says what the call does not, its image by a parameter of SSM too;
- a client token makes one instance in a zone, is refused with other parameters, and refused once
  what it made has ended;
- describing lags behind launching: the first question that would have found an instance does not,
  nor those within LAG_S of it; and an instance is pending for a while (BOOT_S);
- each change of state is an event, which bears no tags;
- what an instance was told at its launch (user data) can be asked for;
- addresses are those of a network of loopback (NETWORK), for tests whose instances answer there.

Leaning on it: tests/aws/desktops, and everything deployed that launches desktops.
"""

import json
import os
import threading
import time
from contextvars import copy_context
from itertools import count
from typing import Any

from ministack.services import ec2, eventbridge, ssm

LAG_S = float(os.environ.get("STANDIN_EC2_LAG_S", "0.3"))
BOOT_S = float(os.environ.get("STANDIN_EC2_BOOT_S", "0.6"))
NETWORK = os.environ.get("STANDIN_EC2_NETWORK", "")  # three numbers, e.g. 127.9.4
_CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48}
_lock = threading.Lock()
_made: dict[tuple[str, str], tuple[dict[str, Any], str]] = {}  # by token and zone
_addresses = count(1)


def keep_machines_as_ec2_does() -> None:
    run, terminate = (ec2._ACTION_MAP[name] for name in ("RunInstances", "TerminateInstances"))
    matches, as_xml = ec2._matches_filters, ec2._instance_xml
    attribute = ec2._ACTION_MAP["DescribeInstanceAttribute"]

    def run_once(params: dict[str, Any]) -> Any:
        with _lock:
            return _run_once(run, params)

    def terminate_with_events(params: dict[str, Any]) -> Any:
        ids = ec2._parse_member_list(params, "InstanceId")
        before = {each: _state_of(each) for each in ids}
        answer = terminate(params)
        for each in ids:
            if answer[0] == 200 and before[each] != "terminated":
                _told(each, "shutting-down")
                _told(each, "terminated")
        return answer

    def matches_all(instance: dict[str, Any], filters: dict[str, list[str]]) -> bool:
        by_id = filters.get("instance-id", [instance["InstanceId"]])
        by_token = filters.get("client-token", [instance.get("ClientToken")])
        known = instance["InstanceId"] in by_id and instance.get("ClientToken") in by_token
        return known and matches(instance, filters) and _is_seen(instance)

    def with_token(instance: dict[str, Any]) -> str:
        token = f"<clientToken>{instance.get('ClientToken', '')}</clientToken></item>"
        return as_xml(instance).rstrip().removesuffix("</item>") + token

    def attribute_or_user_data(params: dict[str, Any]) -> Any:
        instance_id = ec2._p(params, "InstanceId")
        if ec2._p(params, "Attribute") != "userData" or instance_id not in ec2._instances:
            return attribute(params)
        told = ec2._instances[instance_id]["UserData"]
        value = f"<instanceId>{instance_id}</instanceId><userData><value>{told}</value></userData>"
        return ec2._xml(200, "DescribeInstanceAttributeResponse", value)

    ec2._ACTION_MAP["DescribeInstanceAttribute"] = attribute_or_user_data
    ec2._ACTION_MAP["RunInstances"] = run_once
    ec2._ACTION_MAP["TerminateInstances"] = terminate_with_events
    ec2._matches_filters = matches_all
    ec2._instance_xml = with_token


def _is_seen(instance: dict[str, Any]) -> bool:
    """Tell whether describing shows it. The lag counts from the first question, so that a slow
    machine of tests sees it too."""
    if instance.get("_seen_from", 0) is None:
        instance["_seen_from"] = time.time() + LAG_S
    return time.time() >= instance.get("_seen_from", 0)


def _run_once(run: Any, params: dict[str, Any]) -> Any:
    token, subnet = (ec2._p(params, name) for name in ("ClientToken", "SubnetId"))
    zone = ec2._subnets.get(subnet, {}).get("AvailabilityZone", "")
    asked = {name: value for name, value in params.items() if name not in ("Action", "Version")}
    known = _made.get((token, zone)) if token else None
    if known is not None:
        return _again(known, asked)
    refused = _take_template(params)
    if refused is not None:
        return refused
    there = set(ec2._instances)
    answer = run(params)
    for instance_id in set(ec2._instances) - there:
        instance = ec2._instances[instance_id]
        instance["ClientToken"] = token or ""
        instance["Placement"]["AvailabilityZone"] = (
            zone or instance["Placement"]["AvailabilityZone"]
        )
        instance["State"] = {"Code": _CODES["pending"], "Name": "pending"}
        if NETWORK:
            instance["PublicIpAddress"] = f"{NETWORK}.{next(_addresses)}"
        instance["_seen_from"] = None
        if token:
            _made[token, zone] = (asked, instance_id)
        _told(instance_id, "pending")
        threading.Timer(BOOT_S, copy_context().run, [_begin, instance_id]).start()
    return answer


def _again(known: tuple[dict[str, Any], str], asked: dict[str, Any]) -> Any:
    before, instance_id = known
    if before != asked:
        return ec2._error(
            "IdempotentParameterMismatch",
            "Arguments on this idempotent request are inconsistent with arguments used in previous "
            "request(s).",
            400,
        )
    if _state_of(instance_id) in ("shutting-down", "terminated", None):
        return ec2._error(
            "IdempotentInstanceTerminated",
            "Request was made with the same client token as a terminated instance.",
            400,
        )
    items = f"<instancesSet>{ec2._instance_xml(ec2._instances[instance_id])}</instancesSet>"
    inner = f"<reservationId>r-{instance_id[2:]}</reservationId><groupSet/>{items}"
    return ec2._xml(200, "RunInstancesResponse", inner)


def _take_template(params: dict[str, Any]) -> Any:
    """Fill in what a launch template says; return an error where there is none."""
    template_id = ec2._p(params, "LaunchTemplate.LaunchTemplateId")
    if not template_id:
        return None
    template = ec2._launch_templates.get(template_id)
    version = ec2._p(params, "LaunchTemplate.Version")
    found = [
        each["LaunchTemplateData"]
        for each in (template or {}).get("Versions", ())
        if str(each["VersionNumber"]) == str(version)
    ]
    if not found:
        return ec2._error("InvalidLaunchTemplateId.NotFound", "There is no such template.", 400)
    image = str(found[0].get("ImageId", ""))
    if image.startswith("resolve:ssm:"):
        known, _ = ssm._select_parameter(image.removeprefix("resolve:ssm:"))
        image = known["Value"] if known else ""
    if not image.startswith("ami-"):
        return ec2._error("InvalidAMIID.Malformed", f"Invalid id: {image}", 400)
    params.setdefault("ImageId", image)
    for number, group in enumerate(found[0].get("SecurityGroupIds", ()), 1):
        params.setdefault(f"SecurityGroupId.{number}", group)
    for name, value in (found[0].get("IamInstanceProfile") or {}).items():
        params.setdefault(f"IamInstanceProfile.{name}", value)
    return None


def _begin(instance_id: str) -> None:
    instance = ec2._instances.get(instance_id)
    if instance is not None and instance["State"]["Name"] == "pending":
        instance["State"] = {"Code": _CODES["running"], "Name": "running"}
        _told(instance_id, "running")


def _state_of(instance_id: str) -> str | None:
    instance = ec2._instances.get(instance_id)
    return None if instance is None else instance["State"]["Name"]


def _told(instance_id: str, state: str) -> None:
    event = {
        "Source": "aws.ec2",
        "DetailType": "EC2 Instance State-change Notification",
        "Detail": json.dumps({"instance-id": instance_id, "state": state}),
    }
    eventbridge._put_events({"Entries": [event]}, allow_aws_source=True)
