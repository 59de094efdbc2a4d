"""The stack of desktops, deployed: what it says of itself launches machines."""

import ipaddress
import json
from typing import Any

import pytest

from deploy.aws.inventory.desktops import ANSWER_MACHINES, MAKE_DESKTOPS
from quadrangle.aws.desktops.provider import Ec2Desktops
from quadrangle.hosts.lambdas.base.environment import read_environment
from quadrangle.hosts.lambdas.meetings.ec2_desktops import DesktopAdapters
from quadrangle.kernel.clock import ManualClock
from quadrangle.meetings.desktops.model import MachineState
from quadrangle.meetings.desktops.ports import LaunchRefused
from quadrangle.meetings.model import Workspace
from tests.aws.deploy.test_watch_stacks import deploy
from tests.aws.desktops.conftest import KEYS
from tests.aws.desktops.orders import order_of, soon
from tests.standin.expanded import expanded_templates, resources
from tests.standin.server import REGION, StandIn

IMAGE = "/watch/desktop/image"


@pytest.fixture(scope="module")
def stack(standin: StandIn) -> dict[str, str]:
    """The outputs of a stack of its own."""
    deploy(
        standin,
        "desktops",
        Prefix="watch-",
        Domain="desktops.campus.example",
        ZoneId="z" * 32,
        CloudflareSecretArn="arn:aws:secretsmanager:eu-central-1:1:secret:cloudflare",
        ImageParameter=IMAGE,
        LeadParameter="/watch/desktop/lead",
        PagesOrigin="https://campus.example",
    )
    (made,) = standin.client("cloudformation").describe_stacks(StackName="watch-desktops")["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in made["Outputs"]}


@pytest.fixture
def adapters(
    standin: StandIn, stack: dict[str, str], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> DesktopAdapters:
    """What a function makes of what it is told."""
    where = "quadrangle.hosts.lambdas.meetings.ec2_desktops.client_later"
    monkeypatch.setattr(where, standin.client)
    variables = {
        "QUADRANGLE_PREFIX": "watch-",
        "QUADRANGLE_PUBLIC_URL": "https://campus.example/",
        "QUADRANGLE_DESKTOPS": stack["Settings"],
    }
    return DesktopAdapters(read_environment(variables), KEYS, clock)


async def test_what_it_says_launches_machines(standin: StandIn, adapters: DesktopAdapters, stack):
    desktops = adapters.desktops
    assert isinstance(desktops, Ec2Desktops)
    settings = desktops._settings
    assert settings.report_to == "https://campus.example"
    assert set(settings.subnets) == {f"{REGION}a", f"{REGION}b"}
    places = await desktops.placements(Workspace.DESKTOP)
    assert [place.machine_type for place in places[::2]] == ["t3.large", "t3a.large", "m5.large"]
    with pytest.raises(LaunchRefused):  # the image is built by a stack of its own
        await desktops.launch(order_of(settings))
    standin.client("ssm").put_parameter(Name=IMAGE, Value="ami-00000000000000abc", Type="String")
    adapters.images._image._ask_at = None  # minutes later
    order = order_of(settings)
    machine_id = await desktops.launch(order)
    found = await soon(lambda: desktops.find(order.token), lambda found: found)
    assert found.machine_id == machine_id
    described = standin.client("ec2").describe_instances(InstanceIds=[machine_id])
    (instance,) = described["Reservations"][0]["Instances"]
    assert instance["ImageId"] == "ami-00000000000000abc"
    assert [each["GroupId"] for each in instance["SecurityGroups"]] == [stack["Door"]]
    await desktops.terminate(machine_id)
    gone = await desktops.find(order.token)
    assert gone is not None
    assert gone.state is MachineState.GONE


def test_without_its_settings_there_are_no_desktops(clock: ManualClock):
    for told in ("", "{}", '{"ec2": {}}'):
        variables = {"QUADRANGLE_PREFIX": "watch-", "QUADRANGLE_DESKTOPS": told}
        with pytest.raises(ValueError, match="QUADRANGLE_DESKTOPS"):
            DesktopAdapters(read_environment(variables), KEYS, clock)


def test_only_cloudflare_comes_in_and_only_by_one_port():
    door = resources("AWS::EC2::SecurityGroup")["desktops.Door"]
    rules = door["SecurityGroupIngress"]
    assert {(each["IpProtocol"], each["FromPort"], each["ToPort"]) for each in rules} == {
        ("tcp", 8443, 8443)
    }
    networks = [ipaddress.ip_network(each["CidrIp"]) for each in rules]
    assert len(set(networks)) == 15
    assert all(network.is_global for network in networks)
    assert max(network.num_addresses for network in networks) == 2**19
    assert [each["ToPort"] for each in door["SecurityGroupEgress"]] == [443]


def test_a_machine_may_read_its_licence_and_nothing_else():
    (policy,) = resources("AWS::IAM::Role")["desktops.MachineRole"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "s3:GetObject"
    assert statement["Resource"]["Fn::Sub"].endswith(":s3:::dcv-license.${AWS::Region}/*")


def test_a_machine_that_shuts_down_is_gone_with_its_encrypted_disk():
    data = resources("AWS::EC2::LaunchTemplate")["desktops.Machines"]["LaunchTemplateData"]
    assert data["InstanceInitiatedShutdownBehavior"] == "terminate"
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert "BlockDeviceMappings" not in data  # the image's own root device, whatever its name
    assert "NetworkInterfaces" not in data  # each launch names a subnet
    recipe = resources("AWS::ImageBuilder::ImageRecipe")["desktop-image.Recipe"]
    (disk,) = recipe["BlockDeviceMappings"]
    assert disk["Ebs"]["Encrypted"] is True
    assert disk["Ebs"]["DeleteOnTermination"] is True


def test_the_image_is_in_no_other_stack():
    for name, template in expanded_templates().items():
        kinds = {each["Type"].split("::")[1] for each in template["Resources"].values()}
        assert ("ImageBuilder" in kinds) is (name == "desktop-image"), name


def test_no_rule_looks_for_tags_in_events_of_machines():
    """They bear none: a rule that names some never matches."""
    for name, rule in resources("AWS::Events::Rule").items():
        pattern = json.dumps(rule.get("EventPattern", {}))
        assert not ("aws.ec2" in pattern and "tags" in pattern), name


def as_text(rights: Any) -> str:
    return "\n".join(f"{right.actions} {right.resources} {right.condition}" for right in rights)


def test_rights_hold_for_our_template_and_our_machines():
    launching = [right for right in MAKE_DESKTOPS if right.actions == ("ec2:RunInstances",)]
    assert all("ec2:LaunchTemplate" in right.condition for right in launching)
    (ending,) = [right for right in MAKE_DESKTOPS if "TerminateInstances" in right.actions[0]]
    assert "aws:ResourceTag/quadrangle:installation" in ending.condition
    (passing,) = [right for right in MAKE_DESKTOPS if right.actions == ("iam:PassRole",)]
    assert "iam:PassedToService" in passing.condition
    (tagging,) = [right for right in MAKE_DESKTOPS if right.actions == ("ec2:CreateTags",)]
    assert "ec2:CreateAction" in tagging.condition
    assert "*" not in {action.split(":")[1] for right in MAKE_DESKTOPS for action in right.actions}
    assert "DeleteObject" not in as_text(ANSWER_MACHINES)
