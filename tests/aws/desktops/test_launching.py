"""What the port Desktops promises, kept by EC2; and what its refusals mean."""

import asyncio
import json

import msgspec
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import ANY, Stubber

from quadrangle.aws.desktops.images import NO_IMAGE, Images
from quadrangle.aws.desktops.probe import DesktopProbe
from quadrangle.aws.desktops.provider import Ec2Desktops
from quadrangle.aws.desktops.request import run_instances
from quadrangle.aws.desktops.settings import Ec2Settings
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import MachineState, Placement
from quadrangle.meetings.desktops.ports import LaunchRefused, NoRoom, TokenMismatch, TokenSpent
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.aws.desktops.conftest import KEYS
from tests.aws.desktops.orders import order_of, soon
from tests.standin.server import StandIn


async def test_what_is_launched_is_seen_by_its_tags_and_ends(desktops: Ec2Desktops, settings):
    order = order_of(settings, role=MeetingRole.TEACHER, generation=3, attempt=2)
    machine_id = await desktops.launch(order)
    assert await desktops.find(order.token) is None  # describing lags behind launching
    machine = await soon(lambda: desktops.find(order.token), lambda found: found)
    assert (machine.machine_id, machine.token) == (machine_id, order.token)
    assert (machine.meeting_id, machine.role) == (order.meeting_id, MeetingRole.TEACHER)
    assert machine.generation == 3
    running = await soon(
        lambda: desktops.find(order.token), lambda found: found.state is MachineState.RUNNING
    )
    assert running.address is not None
    assert await desktops.list_ours() == [running]
    assert await desktops.look_up([machine_id, "i-0000", "strange"]) == {machine_id: running}

    await desktops.terminate(machine_id)
    await desktops.terminate(machine_id)
    gone = await desktops.find(order.token)
    assert gone.state is MachineState.GONE
    assert await desktops.list_ours() == []
    assert (await desktops.look_up([machine_id]))[machine_id].state is MachineState.GONE


async def test_a_token_makes_one_machine_and_no_second(desktops: Ec2Desktops, settings, provider):
    order = order_of(settings)
    first = await desktops.launch(order)
    assert await desktops.launch(order) == first
    assert await provider().launch(order) == first
    with pytest.raises(TokenMismatch):
        await desktops.launch(msgspec.structs.replace(order, machine_type="t3a.large"))
    with pytest.raises(TokenMismatch):
        await desktops.launch(msgspec.structs.replace(order, ends_at="2026-03-02T13:00:00.000Z"))
    await soon(desktops.list_ours, lambda ours: len(ours) == 1)
    await desktops.terminate(first)
    with pytest.raises(TokenSpent):
        await desktops.launch(order)
    assert await desktops.launch(order_of(settings)) != first


async def test_tokens_hold_within_a_zone(desktops: Ec2Desktops, settings: Ec2Settings):
    """So the rules give each attempt a token of its own."""
    first, second = settings.subnets
    order = order_of(settings, zone=first)
    made = await desktops.launch(order)
    other = await desktops.launch(msgspec.structs.replace(order, zone=second))
    assert made != other
    await soon(desktops.list_ours, lambda ours: len(ours) == 2)
    await desktops.terminate(made)
    assert (await desktops.find(order.token)).machine_id == other  # the one that lives


async def test_machines_of_others_are_not_ours(desktops: Ec2Desktops, settings, provider):
    stranger = provider(installation="other-")
    theirs = await stranger.launch(order_of(settings))
    await soon(stranger.list_ours, lambda ours: len(ours) == 1)
    assert await desktops.list_ours() == []
    assert await desktops.look_up([theirs]) == {}
    await stranger.terminate(theirs)


async def test_every_zone_is_tried_before_another_type(desktops: Ec2Desktops, settings):
    first, second = settings.subnets
    assert await desktops.placements(Workspace.DESKTOP) == [
        Placement(first, "t3.large"),
        Placement(second, "t3.large"),
        Placement(first, "t3a.large"),
        Placement(second, "t3a.large"),
    ]


async def test_what_the_machine_is_told(standin: StandIn, desktops: Ec2Desktops, settings):
    order = order_of(settings)
    request = run_instances(order, settings, KEYS.key(order.token))
    assert json.loads(request["UserData"]) == {
        "meetingId": order.meeting_id,
        "role": "student",
        "workspace": "desktop",
        "endsAt": order.ends_at,
        "reportTo": "https://campus.example",
        "key": KEYS.key(order.token),
    }
    assert request == run_instances(order, settings, KEYS.key(order.token))
    assert KEYS.is_key(KEYS.key(order.token), order.token)
    assert not KEYS.is_key(KEYS.key(order.token), "another")
    # Image, disk, role and network are the template's: rights are bound to it.
    assert not {"ImageId", "BlockDeviceMappings", "IamInstanceProfile", "NetworkInterfaces"} & set(
        request
    )
    kinds = [each["ResourceType"] for each in request["TagSpecifications"]]
    assert kinds == ["instance", "volume", "network-interface"]


async def test_without_an_image_nothing_is_launched(standin: StandIn, provider, settings):
    desktops = provider(image_parameter="/nowhere")
    with pytest.raises(LaunchRefused, match="no image of a desktop yet"):
        await desktops.launch(order_of(settings))


async def test_a_zone_that_is_given_up_has_no_room(desktops: Ec2Desktops, settings):
    with pytest.raises(NoRoom):
        await desktops.launch(order_of(settings, zone="eu-central-1z"))


def stubbed(standin: StandIn, settings: Ec2Settings, clock: ManualClock):
    ec2 = standin.client("ec2")
    images = Images(standin.client("ssm"), settings, clock)
    desktops = Ec2Desktops(ec2, images, settings, KEYS, DesktopProbe("desktops.example"))
    return desktops, ec2


@pytest.mark.parametrize(
    ("code", "status", "means"),
    [
        ("InsufficientInstanceCapacity", 500, NoRoom),
        ("InstanceLimitExceeded", 400, NoRoom),
        ("VcpuLimitExceeded", 400, NoRoom),
        ("Unsupported", 400, NoRoom),
        ("InsufficientFreeAddressesInSubnet", 400, NoRoom),
        ("IdempotentInstanceTerminated", 400, TokenSpent),
        ("IdempotentParameterMismatch", 400, TokenMismatch),
        ("RequestLimitExceeded", 503, Unavailable),
        ("Throttling", 400, Unavailable),
        ("InternalError", 500, Unavailable),
        ("ServiceUnavailable", 503, Unavailable),
        ("ExpiredToken", 400, Unavailable),
        ("UnauthorizedOperation", 403, LaunchRefused),
        ("InvalidAMIID.NotFound", 400, LaunchRefused),
        ("InvalidParameterValue", 400, LaunchRefused),
    ],
)
async def test_what_a_refusal_means(standin, settings, clock, code, status, means):
    desktops, ec2 = stubbed(standin, settings, clock)
    with Stubber(ec2) as stub:
        stub.add_client_error("run_instances", code, "…", http_status_code=status)
        with pytest.raises(means) as caught:
            await desktops.launch(order_of(settings))
    if means in (NoRoom, LaunchRefused):
        assert str(caught.value).endswith(".")


async def test_an_answer_that_is_lost_says_nothing(standin, settings, clock):
    desktops, ec2 = stubbed(standin, settings, clock)

    def lost(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://ec2.example")

    ec2.meta.events.register("before-send.ec2", lost)
    for ask in (
        lambda: desktops.launch(order_of(settings)),
        lambda: desktops.find("a token"),
        lambda: desktops.list_ours(),
        lambda: desktops.look_up(["i-0"]),
        lambda: desktops.terminate("i-0"),
    ):
        with pytest.raises(Unavailable):
            await ask()


async def test_all_pages_are_read(standin, settings, clock):
    desktops, ec2 = stubbed(standin, settings, clock)
    with Stubber(ec2) as stub:
        for page, token in (("1", "more"), ("2", "")):
            instance = {
                "InstanceId": f"i-{page}",
                "State": {"Name": "pending"},
                "ClientToken": "t",
                "Tags": [
                    {"Key": "quadrangle:meeting", "Value": "m"},
                    {"Key": "quadrangle:role", "Value": "student"},
                    {"Key": "quadrangle:generation", "Value": "1"},
                ],
            }
            answer = {"Reservations": [{"Instances": [instance, {"InstanceId": "i-x"}]}]}
            asked = {"Filters": ANY, **({"NextToken": "more"} if page == "2" else {})}
            stub.add_response(
                "describe_instances", {**answer, **({"NextToken": token} if token else {})}, asked
            )
        assert [each.machine_id for each in await desktops.list_ours()] == ["i-1", "i-2"]


async def test_every_change_of_state_is_an_event_without_tags(
    standin: StandIn, desktops: Ec2Desktops, settings: Ec2Settings
):
    """Of the stand-in: what is deployed hears of machines by a rule like this one."""
    events, sqs = standin.client("events"), standin.client("sqs")
    name = settings.installation + "states"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    pattern = {"source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"]}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn["QueueArn"]}])
    machine_id = await desktops.launch(order_of(settings))
    heard: list[str] = []
    for _ in range(100):
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        details = [json.loads(each["Body"])["detail"] for each in messages]
        assert all(set(each) == {"instance-id", "state"} for each in details)
        heard += [each["state"] for each in details if each["instance-id"] == machine_id]
        if len(heard) == 2:
            await desktops.terminate(machine_id)
        if len(heard) == 4:
            break
        await asyncio.sleep(0.05)
    events.remove_targets(Rule=name, Ids=["queue"])
    events.delete_rule(Name=name)
    assert sorted(heard) == ["pending", "running", "shutting-down", "terminated"]


def test_the_sentence_without_an_image_says_what_helps():
    assert "desktop-image.yaml" in NO_IMAGE
