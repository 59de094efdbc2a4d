"""What the inventory lets a function do with machines is enough, and no more than is said."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from deploy.aws.inventory.desktops import MAKE_DESKTOPS
from quadrangle.aws.desktops.images import Images
from quadrangle.aws.desktops.probe import DesktopProbe
from quadrangle.aws.desktops.provider import Ec2Desktops
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import LaunchRefused
from tests.aws.desktops import conftest
from tests.aws.desktops.orders import order_of, soon
from tests.standin.server import MISSING, PYTHON, REGION, StandIn
from tests.standin.tables import parsed
from tools.templates.roles import _statement

ACCOUNT = "000000000000"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in that enforces rights."""
    if not PYTHON.exists():
        pytest.skip(MISSING)
    running = StandIn(tmp_path_factory.mktemp("strict"), auth=True).start()
    yield running
    running.stop()


@pytest.fixture
def settings(strict: StandIn) -> Ec2Settings:
    return conftest.new_settings(strict)


def policy_of(settings: Ec2Settings) -> str:
    """Return the rights of the inventory as the template has them, with its parameters put in."""
    subnets = list(settings.subnets.values())
    values = {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "Prefix": settings.installation,
        "DesktopTemplate": settings.launch_template,
        "DesktopSubnetA": subnets[0],
        "DesktopSubnetB": subnets[1],
        "DesktopDoor": "sg-1",
        "DesktopRole": f"arn:aws:iam::{ACCOUNT}:role/machine",
        "DesktopImage": settings.image_parameter,
        "DesktopLead": settings.lead_parameter,
        "CloudflareSecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:cloudflare",
    }

    def put_in(value: Any) -> Any:
        if isinstance(value, list):
            return [put_in(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "Ref" in value:
            return values[value["Ref"]]
        if "Sub" in value:
            text = value["Sub"]
            for name, known in values.items():
                text = text.replace("${" + name + "}", known)
            return text
        return {key: put_in(each) for key, each in value.items()}

    written = "".join(_statement(right) for right in MAKE_DESKTOPS)
    statements = put_in(parsed(written))
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture
def provider(
    strict: StandIn, settings: Ec2Settings, clock: ManualClock
) -> Callable[..., Ec2Desktops]:
    """Makes a provider that acts with these rights and no others."""
    iam, name = strict.client("iam"), f"u{secrets.token_hex(4)}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="work", PolicyDocument=policy_of(settings))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    as_function = StandIn.at(strict.url, strict._folder)
    as_function.credentials = (key["AccessKeyId"], key["SecretAccessKey"])

    def make(**other: object) -> Ec2Desktops:
        chosen = msgspec.structs.replace(settings, **other)
        images = Images(as_function.client("ssm"), chosen, clock)
        ec2, probe = as_function.client("ec2"), DesktopProbe("desktops.example")
        return Ec2Desktops(ec2, images, chosen, conftest.KEYS, probe)

    return make


async def test_they_are_enough(provider, settings: Ec2Settings):
    desktops = provider()
    order = order_of(settings)
    machine_id = await desktops.launch(order)
    await soon(lambda: desktops.find(order.token), lambda found: found)
    await desktops.terminate(machine_id)


async def test_nothing_is_launched_but_from_our_template(strict: StandIn, provider, settings):
    other = strict.client("ec2").create_launch_template(
        LaunchTemplateName=secrets.token_hex(4), LaunchTemplateData={"ImageId": "ami-1"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    with pytest.raises(LaunchRefused, match="not allowed"):
        await provider(launch_template=other).launch(order_of(settings))


async def test_nothing_is_launched_for_another_installation(provider, settings: Ec2Settings):
    with pytest.raises(LaunchRefused, match="not allowed"):
        await provider(installation="other-").launch(order_of(settings))


async def test_machines_of_others_cannot_be_ended(strict: StandIn, provider, settings, clock):
    ec2 = strict.client("ec2")
    images = Images(strict.client("ssm"), settings, clock)
    others = msgspec.structs.replace(settings, installation="other-")
    probe = DesktopProbe("desktops.example")
    root = Ec2Desktops(ec2, images, others, conftest.KEYS, probe)
    theirs = await root.launch(order_of(settings))
    with pytest.raises(Unavailable):
        await provider().terminate(theirs)

    def is_there(ours: list[Machine]) -> bool:
        return theirs in [each.machine_id for each in ours]

    await soon(root.list_ours, is_there)
