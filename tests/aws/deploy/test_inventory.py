"""deploy/aws/inventory is what the templates say and the functions run, and one entry is enough."""

import json
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.aws.inventory import INVENTORY, accounts, issues
from deploy.aws.inventory.model import (
    Daily,
    Function,
    Inventory,
    Right,
    Stack,
    reaction,
    together,
    united,
)
from deploy.aws.inventory.rights import may, table
from deploy.aws.inventory.videos import HTTP_FUNCTION
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.materials import MaterialsWork
from quadrangle.hosts.lambdas.services import reactions
from tests.standin.expanded import decided
from tests.standin.tables import parsed, template
from tools.build_lambda import LEFT_OUT
from tools.templates.regions import filled
from tools.write_templates import regions, written

NIGHTLY = Daily(
    name="lessons-tidy",
    does="Forgets meetings that are over.",
    handler="lessons.tidy",
    at="4:05",
    alarm="Meetings that are over are still there.",
    rights=(may("dynamodb", "Query DeleteItem", table("Meetings")),),
)
INVITE = reaction(
    "lessons.invite",
    "Invites to a meeting.",
    (may("dynamodb", "GetItem", table("Meetings")),),
    puts=("mail.send",),
)


def written_with(*more: Function) -> dict[str, dict[str, str]]:
    """Return the regions of each template when a service is added."""
    return dict(regions(Inventory((*INVENTORY.stacks, Stack("lessons", more)))))


def rights_of(role: dict[str, Any]) -> list[tuple[Any, Any]]:
    (policy,) = role["Properties"]["Policies"]
    return [(each["Action"], each["Resource"]) for each in policy["PolicyDocument"]["Statement"]]


# -- what is written ---------------------------------------------------------------------------


def test_every_template_is_what_is_written():
    """Else `make templates` mends it."""
    for path, text in written().items():
        assert path.read_text() == text, path.name


def test_every_function_and_queue_comes_from_the_inventory():
    """So nothing by hand is left out of alarms, dashboard and saved queries; but for the dead
    letters of all."""
    there = {
        name
        for template_name in (stack.template for stack in INVENTORY.stacks)
        for name, resource in template(template_name)["Resources"].items()
        if resource["Type"] in ("AWS::Serverless::Function", "AWS::SQS::Queue")
    } - {"DeadLetters"}
    assert there == {
        name
        for content in dict(regions(INVENTORY)).values()
        for name, resource in parsed(content.get("functions", "{}")).items()
        if resource["Type"] in ("AWS::Serverless::Function", "AWS::SQS::Queue")
    }


def test_a_change_by_hand_within_a_region_is_written_over():
    text = "a:\n  # >>> one: as it was\n  b: 1\n  # <<<\nc: 2\n"
    expected = "a:\n  # >>> one: written by `make templates` from deploy/aws/inventory/\n"
    assert filled(text, {"one": "b: 3\n"}) == f"{expected}  b: 3\n  # <<<\nc: 2\n"


@pytest.mark.parametrize("content", [{}, {"one": "", "two": ""}])
def test_regions_and_what_is_written_belong_together(content: dict[str, str]):
    with pytest.raises(ValueError, match="region"):
        filled("# >>> one\n# <<<\n", content)


# -- one entry is enough -----------------------------------------------------------------------


def test_a_function_that_runs_daily_is_one_entry():
    found = written_with(NIGHTLY)
    made = parsed(found["lessons"]["functions"])
    assert set(made) == {"LessonsTidyFunction", "LessonsTidyLogs", "LessonsTidyRole"}
    (event,) = made["LessonsTidyFunction"]["Properties"]["Events"].values()
    assert event == {"Type": "Schedule", "Properties": {"Schedule": "cron(05 4 * * ? *)"}}
    (_, own) = rights_of(made["LessonsTidyRole"])
    assert own[0] == ["dynamodb:Query", "dynamodb:DeleteItem"]
    alarms = {"LessonsTidyErrors", "LessonsTidyInvocations"}
    assert set(parsed(found["monitoring"]["daily"])) > alarms
    assert "${Prefix}lessons-tidy" in found["monitoring"]["dashboard"]
    assert "/aws/lambda/${Prefix}lessons-tidy" in found["monitoring"]["logs of functions"]


def test_a_reaction_is_one_entry():
    found = written_with(INVITE)
    made = parsed(found["lessons"]["functions"])
    parts = ("Queue", "Function", "Logs", "Role")
    assert set(made) == {f"LessonsInvite{part}" for part in parts}
    variables = made["LessonsInviteFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["QUADRANGLE_REACTIONS"] == "lessons.invite"
    queues = {"lessons.invite": "lessons-invite", "mail.send": "mail"}
    assert json.loads(variables["QUADRANGLE_QUEUES"]) == queues
    redrive = made["LessonsInviteQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Ref": "DeadLetters"}


def test_reactions_that_share_a_queue_are_one_entry():
    tell = reaction(
        "lessons.tell",
        "Tells of a meeting.",
        (may("dynamodb", "Query GetItem", table("Meetings")),),
        variables={"PUBLIC_URL": "!Ref PublicUrl"},
        at_once=2,
    )
    made = parsed(
        written_with(together("lessons-react", "Reacts.", INVITE, tell))["lessons"]["functions"]
    )
    parts = ("Queue", "Function", "Logs", "Role")
    assert set(made) == {f"LessonsReact{part}" for part in parts}
    function = made["LessonsReactFunction"]["Properties"]
    variables = function["Environment"]["Variables"]
    assert variables["QUADRANGLE_REACTIONS"] == "lessons.invite,lessons.tell"
    assert variables["QUADRANGLE_PUBLIC_URL"] == {"Ref": "PublicUrl"}
    assert json.loads(variables["QUADRANGLE_QUEUES"]) == {
        "lessons.invite": "lessons-react",
        "lessons.tell": "lessons-react",
        "mail.send": "mail",
    }
    (event,) = function["Events"].values()
    assert event["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 2}
    *_, own = rights_of(made["LessonsReactRole"])
    assert own[0] == ["dynamodb:GetItem", "dynamodb:Query"]


_ACTIONS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(tuple)
_RESOURCES = st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True).map(tuple)
_RIGHTS = st.lists(st.builds(Right, _ACTIONS, _RESOURCES, condition=st.sampled_from(["", "if"])))


def allowed(rights: Iterable[Right]) -> set[tuple[str, str, str]]:
    return {
        (action, resource, each.condition)
        for each in rights
        for action in each.actions
        for resource in each.resources
    }


@given(_RIGHTS)
def test_united_rights_allow_what_each_allowed_and_nothing_else(rights: list[Right]):
    assert allowed(united(rights)) == allowed(rights)


def test_who_may_do_much_has_a_queue_of_its_own():
    """What writes the audit, erases, reads the keys of tokens or changes who can sign in."""
    alone = {"accounts.audit", "accounts.mail", "accounts.mirror"}
    assert {each.job for each in INVENTORY.reactions if len(each.jobs) == 1} == alone
    assert accounts.ERASE.jobs == ("accounts.erase", "issues.forget-member")
    actions = {action for right in issues.REACT.rights for action in right.actions}
    assert not actions & {"dynamodb:Scan", "dynamodb:DeleteItem", "secretsmanager:GetSecretValue"}


@pytest.mark.parametrize(
    ("stack", "function"), [("dispatch", "Dispatch"), ("mail", "OperationHttp")]
)
@pytest.mark.parametrize("videos", [True, False], ids=["with-videos", "without"])
def test_who_sends_to_all_queues_knows_a_new_one(stack: str, function: str, videos: bool):
    made = decided(whole(written_with(INVITE)[stack]["functions"]), {"HasVideos": videos})
    variables = made[f"{function}Function"]["Properties"]["Environment"]["Variables"]
    assert json.loads(variables["QUADRANGLE_QUEUES"])["lessons.invite"] == "lessons-invite"
    sending = [
        resource
        for actions, resources in rights_of(made[f"{function}Role"])
        if "sqs:SendMessage" in actions
        for resource in resources
    ]
    assert any(str(each).endswith("${Prefix}lessons-invite'}") for each in sending)


# -- what installations may be without -----------------------------------------------------------


def whole(text: str) -> Any:
    """Return what CloudFormation's YAML says, in long forms."""
    return _long(parsed(text))


def _long(value: Any) -> Any:
    if isinstance(value, list):
        return [_long(each) for each in value]
    if not isinstance(value, dict):
        return value
    short = {"If", "Equals", "Sub", "GetAtt"}
    return {f"Fn::{k}" if k in short else k: _long(each) for k, each in value.items()}


def written_with_optional(*more: Function) -> dict[str, dict[str, str]]:
    """Return the regions when functions are added to videos."""
    stacks = [
        replace(each, functions=(*each.functions, *more)) if each.condition else each
        for each in INVENTORY.stacks
    ]
    return dict(regions(Inventory(tuple(stacks))))


def test_an_optional_function_is_watched_by_its_own_template():
    found = written_with_optional(NIGHTLY)
    assert "LessonsTidyErrors" in parsed(found["videos"]["alarms"])
    assert "${Prefix}lessons-tidy" in found["videos"]["dashboard"]
    assert "/aws/lambda/${Prefix}lessons-tidy" in found["videos"]["logs of functions"]
    assert not any("lessons-tidy" in text for text in found["monitoring"].values())


@pytest.mark.parametrize(
    ("stack", "function"), [("dispatch", "Dispatch"), ("mail", "OperationHttp")]
)
def test_the_queue_of_an_optional_reaction_is_known_only_where_it_is(stack: str, function: str):
    found = written_with_optional(INVITE)[stack]
    conditions = whole(found["conditions"])["Conditions"]
    assert conditions["HasVideos"] == {"Fn::Equals": [{"Ref": "Videos"}, "yes"]}
    made = whole(found["functions"])
    for has_videos in (True, False):
        there = decided(made, {"HasVideos": has_videos})
        told = there[f"{function}Function"]["Properties"]["Environment"]["Variables"]
        assert ("lessons.invite" in json.loads(told["QUADRANGLE_QUEUES"])) == has_videos
        rights = str(rights_of(there[f"{function}Role"]))
        assert ("lessons-invite" in rights) == has_videos


def test_an_optional_function_answers_only_where_it_is():
    asked = replace(HTTP_FUNCTION, name="lessons-http", paths=("/api/lessons",))
    found = written_with_optional(asked)["api"]
    assert parsed(found["parameters"])["LessonsHttp"]["Default"] == ""
    assert parsed(found["permissions"])["LessonsPermission"]["Condition"] == "HasVideos"
    paths = whole(found["paths"])
    assert "/api/lessons" in decided(paths, {"HasVideos": True})
    assert "/api/lessons" not in decided(paths, {"HasVideos": False})


def test_a_function_in_a_network_may_make_interfaces_there():
    within = replace(NIGHTLY, network="{SubnetIds: [!Ref PrivateA]}", reserved="2")
    made = whole(written_with_optional(within)["videos"]["functions"])
    function = made["LessonsTidyFunction"]["Properties"]
    assert function["VpcConfig"] == {"SubnetIds": [{"Ref": "PrivateA"}]}
    assert function["ReservedConcurrentExecutions"] == 2
    (policy,) = made["LessonsTidyRole"]["Properties"]["ManagedPolicyArns"]
    assert policy["Fn::Sub"].endswith("AWSLambdaVPCAccessExecutionRole")
    without = parsed(written_with(NIGHTLY)["lessons"]["functions"])
    assert "ManagedPolicyArns" not in without["LessonsTidyRole"]["Properties"]


# -- what functions run ------------------------------------------------------------------------


def test_each_reaction_of_the_services_has_its_function():
    parts = FunctionParts(Environment(prefix="t-", videos="yes"))
    names = [each.name for each in reactions(parts, Queues(None))]
    jobs = [job for each in INVENTORY.reactions for job in each.jobs]
    # what some of them ask for, in the same queue
    asked_for = set(MaterialsWork(parts).handlers()) - set(names)
    assert sorted([*names, *asked_for]) == sorted(jobs)


def test_each_function_has_its_module_and_a_package_that_is_built():
    for each in INVENTORY.functions:
        assert find_spec(f"quadrangle.hosts.lambdas.{each.handler}"), each.name
        assert each.package in LEFT_OUT, each.name
