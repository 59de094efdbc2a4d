"""What the templates tell functions: it fits, and names what there is."""

from typing import Any

import pytest

from quadrangle.hosts.lambdas.base.environment import read_environment
from tests.standin.expanded import decided, expanded_templates, resources, text_of
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)

MOST = 4096  # bytes of names and values that Lambda takes
LONGEST = "p" * 29 + "-"  # prefix that the template takes
NAMES = {"Prefix": LONGEST, "AWS::AccountId": "1" * 12}
QUEUE_BASE = f"https://sqs.us-gov-west-1.amazonaws.com/{'1' * 12}/{LONGEST}"


def test_what_a_function_is_told_fits_into_its_environment():
    """With room for a quarter more, as the next entry of the inventory takes some."""
    for name, function in resources("AWS::Lambda::Function").items():
        variables = function["Environment"]["Variables"]
        told = expanded_templates()[name.partition(".")[0]]["Parameters"]
        size = sum(len(key) + len(long(value, told)) for key, value in variables.items())
        assert size <= MOST * 3 / 4, name


def long(value: Any, parameters: dict[str, Any]) -> str:
    """Return a value as it may be at most: an address or ARN where it is a parameter of any
    length."""
    if value == {"Ref": "QueueBase"}:
        return QUEUE_BASE
    if isinstance(value, dict) and "Fn::Sub" in value:
        return text_of(value, **NAMES)
    if isinstance(value, dict) and "Fn::If" in value:
        return max((long(each, parameters) for each in value["Fn::If"][1:]), key=len)
    if isinstance(value, str):
        return value
    told = parameters.get(value.get("Ref", ""), {})
    if told.get("Type") == "Number":
        return "9" * 10
    return max(told.get("AllowedValues", ["x" * int(told.get("MaxLength", 120))]), key=len)


def test_functions_find_the_queues_that_the_template_makes():
    made = {text_of(q["QueueName"], Prefix="t-") for q in resources("AWS::SQS::Queue").values()}
    for name, function in resources("AWS::Lambda::Function").items():
        variables = {**function["Environment"]["Variables"], "QUADRANGLE_PREFIX": "t-"}
        variables = decided(variables, {"HasVideos": True})
        told = {key: value for key, value in variables.items() if isinstance(value, str)}
        if "QUADRANGLE_QUEUES" in told:
            told["QUADRANGLE_QUEUE_BASE"] = "https://sqs.example/1/t-"
            environment = read_environment(told)
            urls = {*environment.queues.values(), environment.dead_letters}
            assert {url.removeprefix("https://sqs.example/1/") for url in urls} <= made, name
