"""Desktops on the stand-in's EC2: a launch template, two zones, and an image to make them from."""

import secrets
from collections.abc import Callable

import msgspec
import pytest

from quadrangle.aws.desktops.images import Images
from quadrangle.aws.desktops.probe import DesktopProbe
from quadrangle.aws.desktops.provider import Ec2Desktops
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.kernel.clock import ManualClock
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacMachineKeys
from tests.standin.server import REGION, StandIn

KEYS = HmacMachineKeys(b"k" * KEY_BYTES)


@pytest.fixture
def settings(standin: StandIn) -> Ec2Settings:
    return new_settings(standin)


def new_settings(standin: StandIn) -> Ec2Settings:
    """Return those of an installation of its own, which has an image."""
    ec2, name = standin.client("ec2"), f"t{secrets.token_hex(4)}-"
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = [f"{REGION}{letter}" for letter in "ab"]
    subnets = {
        zone: ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)[
            "Subnet"
        ]["SubnetId"]
        for number, zone in enumerate(zones)
    }
    image = f"/{name}desktops/image"
    standin.client("ssm").put_parameter(Name=image, Value="ami-0123456789abcdef0", Type="String")
    template = ec2.create_launch_template(
        LaunchTemplateName=f"{name}desktops",
        LaunchTemplateData={"ImageId": f"resolve:ssm:{image}"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    return Ec2Settings(
        installation=name,
        launch_template=template,
        launch_template_version="1",
        subnets=subnets,
        machine_types=("t3.large", "t3a.large"),
        image_parameter=image,
        lead_parameter=f"/{name}desktops/lead",
        report_to="https://campus.example",
    )


@pytest.fixture
def provider(
    standin: StandIn, settings: Ec2Settings, clock: ManualClock
) -> Callable[..., Ec2Desktops]:
    """Makes the provider, another process's too: `provider(most=2)` with other settings."""

    def make(**other: object) -> Ec2Desktops:
        chosen = msgspec.structs.replace(settings, **other)
        images = Images(standin.client("ssm"), chosen, clock)
        probe = DesktopProbe("desktops.example")
        return Ec2Desktops(standin.client("ec2"), images, chosen, KEYS, probe)

    return make


@pytest.fixture
def desktops(provider: Callable[..., Ec2Desktops]) -> Ec2Desktops:
    return provider()
