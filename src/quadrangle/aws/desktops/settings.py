"""What deploy/aws says about desktops on EC2."""

from collections.abc import Mapping

import msgspec


class Ec2Settings(msgspec.Struct, frozen=True):
    """All that launches need; texts as the outputs of deploy/aws/desktops.yaml have them.

    `installation` is the prefix of the installation, by which it knows its own machines: it may
    not be empty. `launch_template` is an id and `launch_template_version` a number: a template
    that changes meanwhile must not change what is repeated. `subnets` are ids by their zone;
    `machine_types` are tried in turn, best first. `image_parameter` is the name in SSM of the
    image's id, `lead_parameter` of the minutes that it takes to be ready. `report_to` is the
    address of this installation, where machines say how they are. `most` bounds how many desktops
    run at once; 0 leaves that to the account.
    """

    installation: str
    launch_template: str
    launch_template_version: str
    subnets: Mapping[str, str]
    machine_types: tuple[str, ...]
    image_parameter: str
    lead_parameter: str
    report_to: str
    most: int = 0
