"""What is asked of EC2 for an order: the same each time, to the letter."""

from typing import Any

import msgspec

from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.aws.desktops.tags import tags_of
from quadrangle.meetings.desktops.ports import LaunchOrder

_TAGGED = ("instance", "volume", "network-interface")


class Errand(msgspec.Struct, frozen=True, rename="camel"):
    """The user data of a machine, as JSON: what its boot unit has to know.

    `ends_at` is when it ends itself. `key` proves to `report_to` that it is this machine. Whoever
    sits at the desktop might find it out: it opens nothing that is not theirs.
    """

    meeting_id: str
    role: str
    workspace: str
    ends_at: str
    report_to: str
    key: str


def run_instances(order: LaunchOrder, settings: Ec2Settings, key: str) -> dict[str, Any]:
    """Return the parameters of RunInstances. Raises KeyError for a zone that is none of ours.

    What is not said here is the launch template's: image, disk, network, role, and that a machine
    which shuts down is gone.
    """
    tags = tags_of(order, settings.installation)
    errand = Errand(
        meeting_id=order.meeting_id,
        role=order.role.value,
        workspace=order.workspace.value,
        ends_at=order.ends_at,
        report_to=settings.report_to,
        key=key,
    )
    return {
        "LaunchTemplate": {
            "LaunchTemplateId": settings.launch_template,
            "Version": settings.launch_template_version,
        },
        "ClientToken": order.token,
        "MinCount": 1,
        "MaxCount": 1,
        "InstanceType": order.machine_type,
        "SubnetId": settings.subnets[order.zone],
        "UserData": msgspec.json.encode(errand).decode(),
        "TagSpecifications": [{"ResourceType": kind, "Tags": tags} for kind in _TAGGED],
    }
