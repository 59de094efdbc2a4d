"""What machines are marked with, and what their marks say."""

from collections.abc import Mapping, Sequence
from typing import Any

from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.desktops.ports import LaunchOrder
from quadrangle.meetings.model import MeetingRole

# Rights in the template name this one too: only what bears it may be ended.
INSTALLATION = "quadrangle:installation"
MEETING = "quadrangle:meeting"
ROLE = "quadrangle:role"
GENERATION = "quadrangle:generation"
ATTEMPT = "quadrangle:attempt"

# A machine that shuts down never comes back. One that somebody stopped by hand has to be ended
# still, and until then it only fails its health checks.
_STATES = {
    "pending": MachineState.STARTING,
    "running": MachineState.RUNNING,
    "stopping": MachineState.RUNNING,
    "stopped": MachineState.RUNNING,
    "shutting-down": MachineState.GONE,
    "terminated": MachineState.GONE,
}
LIVING = [name for name, state in _STATES.items() if state is not MachineState.GONE]


def tags_of(order: LaunchOrder, installation: str) -> list[dict[str, str]]:
    """Return the tags of what an order makes, in one order always."""
    tags = {
        "Name": f"{installation}{order.role}-{order.meeting_id}",
        INSTALLATION: installation,
        MEETING: order.meeting_id,
        ROLE: order.role.value,
        GENERATION: str(order.generation),
        ATTEMPT: str(order.attempt),
    }
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def machine_of(instance: Mapping[str, Any]) -> Machine | None:
    """Return what EC2's description of an instance says; None where its tags are not ours."""
    tags = _tags(instance.get("Tags", ()))
    try:
        return Machine(
            machine_id=instance["InstanceId"],
            meeting_id=tags[MEETING],
            role=MeetingRole(tags[ROLE]),
            generation=int(tags[GENERATION]),
            token=instance.get("ClientToken", ""),
            state=_STATES[instance["State"]["Name"]],
            address=instance.get("PublicIpAddress") or None,
        )
    except (KeyError, ValueError):
        return None


def _tags(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
