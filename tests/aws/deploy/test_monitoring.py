"""deploy/aws/monitoring.yaml watches all there is, and understands what our functions write."""

import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.aws.inventory import INVENTORY
from quadrangle.http.access_log import AccessLog
from tests.standin import expanded
from tests.standin.expanded import expanded_templates, text_of
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)

NAMES = {
    "Prefix": "campus-",
    "ApiName": "campus-api",
    "Stage": "prod",
    "AWS::Region": "eu-central-1",
}


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Return those of what is always there: where there are videos, their stack watches itself
    (test_video_stack.py)."""
    found = expanded.resources(kind).items()
    return {name: each for name, each in found if not name.startswith("videos.")}


def watched() -> Iterator[tuple[str, dict[str, str], dict[str, Any]]]:
    """Yield each figure an alarm looks at: its name, its dimensions, the alarm."""
    for alarm in resources("AWS::CloudWatch::Alarm").values():
        yield alarm["MetricName"], dimensions(alarm), alarm


def dimensions(metric: dict[str, Any]) -> dict[str, str]:
    there = metric.get("Dimensions", [])
    return {each["Name"]: text_of(each["Value"], **NAMES) for each in there}


def names_of(kind: str, name: str) -> set[str]:
    return {text_of(each[name], **NAMES) for each in resources(kind).values()}


def watched_by(metric: str, dimension: str) -> set[str]:
    return {
        where[dimension] for name, where, _ in watched() if name == metric and dimension in where
    }


# Rules that put jobs into a queue.
OFTEN = {"meetings.MachineEvents", "meetings.MeetingSweep", "meetings.MeetingHouse"}
FUNCTIONS = ("AWS::Lambda::Function", "FunctionName")


def test_alarms_cost_little():
    """Each figure costs ten cents a month, and ten are free."""
    assert len(list(watched())) <= 20


@pytest.mark.parametrize(("metric", "threshold"), [("Errors", 10), ("Throttles", 0)])
def test_functions_are_watched_all_at_once(metric: str, threshold: int):
    (alarm,) = [alarm for name, where, alarm in watched() if name == metric and not where]
    assert alarm["Namespace"] == "AWS/Lambda"
    found = (alarm["Statistic"], alarm["Period"], alarm["Threshold"])
    assert found == ("Sum", 300, threshold)


def test_each_queue_of_dead_letters_is_watched():
    queues = names_of("AWS::SQS::Queue", "QueueName")
    worked_off = {text_of(q["QueueName"], **NAMES) for q in with_redrive()}
    assert watched_by("ApproximateNumberOfMessagesVisible", "QueueName") == queues - worked_off


def with_redrive() -> list[dict[str, Any]]:
    return [each for each in resources("AWS::SQS::Queue").values() if "RedrivePolicy" in each]


def test_mails_that_come_back_are_told_before_aws_stops_all():
    """It looks at an account from 5 % of bounces and 0.1 % of complaints on."""
    by_metric = {name: alarm for name, _, alarm in watched()}
    for name, at in (("Reputation.BounceRate", 0.05), ("Reputation.ComplaintRate", 0.001)):
        assert by_metric[name]["Namespace"] == "AWS/SES"
        assert 0 < float(by_metric[name]["Threshold"]) < at


def test_thresholds_are_those_of_the_source():
    by_metric = {name: alarm for name, _, alarm in watched()}
    latency = by_metric["Latency"]
    assert (latency["Statistic"], latency["Threshold"]) == ("Average", 2000)
    assert by_metric["IteratorAge"]["Threshold"] == 5 * 60 * 1000
    for name in ("Latency", "5XXError", "Errors", "IteratorAge"):
        assert by_metric[name]["ComparisonOperator"] == "GreaterThanThreshold"


def test_what_runs_once_a_day_may_not_fail_once_nor_stay_away():
    scheduled = set(run_daily())
    assert scheduled == {f"campus-{each.name}" for each in INVENTORY.daily}
    assert watched_by("Errors", "FunctionName") == scheduled
    assert watched_by("Invocations", "FunctionName") == scheduled
    for name, where, alarm in watched():
        if name == "Errors" and where:
            found = (alarm["Statistic"], alarm["Period"], alarm["Threshold"])
            assert found == ("Sum", 24 * 3600, 0)
        if name == "Invocations":
            window_s = alarm["Period"] * alarm["EvaluationPeriods"]
            # longer than a day, as nothing starts at the same second; within what AWS allows
            assert 24 * 3600 < window_s <= 7 * 24 * 3600
            assert alarm["Period"] >= 3600
            assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)


def run_daily() -> Iterator[str]:
    """Yield the names of the functions that a schedule calls."""
    functions = resources("AWS::Lambda::Function")
    for name, rule in resources("AWS::Events::Rule").items():
        if name in OFTEN:
            continue
        assert rule["ScheduleExpression"].startswith("cron("), name
        assert rule["ScheduleExpression"].endswith(" * * ? *)"), name
        (target,) = rule["Targets"]
        function = functions[f"{name.split('.')[0]}.{target['Arn']['Fn::GetAtt'][0]}"]
        yield text_of(function["FunctionName"], **NAMES)


def test_every_alarm_tells_somebody_and_silence_is_none_but_of_what_runs_daily():
    for name, alarm in resources("AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}], name
        is_silence_bad = alarm["MetricName"] == "Invocations"
        expected = "breaching" if is_silence_bad else "notBreaching"
        assert alarm["TreatMissingData"] == expected, name


def test_the_api_is_watched_by_the_name_it_has():
    (api,) = resources("AWS::ApiGateway::RestApi").values()
    (stage,) = resources("AWS::ApiGateway::Stage").values()
    where = {str(where) for name, where, _ in watched() if name in ("Latency", "5XXError")}
    name = text_of(api["Name"], **NAMES)
    assert where == {str({"ApiName": name, "Stage": stage["StageName"]})}


def test_the_dashboard_shows_what_the_source_names_for_all_there_is():
    (dashboard,) = resources("AWS::CloudWatch::Dashboard").values()
    assert text_of(dashboard["DashboardName"], **NAMES) == "campus-Quadrangle"
    body = json.loads(text_of(dashboard["DashboardBody"], **NAMES))
    text = json.dumps(body)
    assert "${" not in text
    for metric in (
        *("Invocations", "Errors", "Duration", "Throttles"),
        *("Count", "4XXError", "5XXError", "Latency"),
        *(
            "ReadThrottleEvents",
            "WriteThrottleEvents",
            "ConsumedReadCapacityUnits",
            "ConsumedWriteCapacityUnits",
            "UserErrors",
            "SystemErrors",
        ),
    ):
        assert re.search(rf'["=\\]{metric}["\\]', text), metric
    shown = names_of(*FUNCTIONS) | names_of("AWS::DynamoDB::Table", "TableName")
    shown |= names_of("AWS::SQS::Queue", "QueueName")
    assert not [name for name in shown if f'"{name}"' not in text]


def test_no_two_parts_of_the_dashboard_overlap():
    (dashboard,) = resources("AWS::CloudWatch::Dashboard").values()
    taken: set[tuple[int, int]] = set()
    for widget in json.loads(text_of(dashboard["DashboardBody"], **NAMES))["widgets"]:
        assert widget["x"] + widget["width"] <= 24
        cells = {
            (widget["x"] + x, widget["y"] + y)
            for x in range(widget["width"])
            for y in range(widget["height"])
        }
        assert not cells & taken
        taken |= cells


def queries() -> dict[str, dict[str, Any]]:
    return {
        text_of(q["Name"], **NAMES): q for q in resources("AWS::Logs::QueryDefinition").values()
    }


def test_queries_look_where_functions_write():
    groups = names_of("AWS::Logs::LogGroup", "LogGroupName")
    for name, query in queries().items():
        assert {text_of(each, **NAMES) for each in query["LogGroupNames"]} <= groups, name


@pytest.mark.parametrize("name", ["Time of requests", "Reports per hour", "Reports by type"])
def test_queries_of_requests_use_fields_that_the_log_has(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    more = {"issue_type": "Network"}  # as tests/http finds it in the line of a report
    AccessLog(gathered=False).line("r1", "POST", "/report-issue", 200, 0.01, more)
    line = json.loads(written.getvalue())
    query = queries()[f"campus-Quadrangle/{name}"]["QueryString"]
    wanted = dict(re.findall(r'(\w+) = "([^"]+)"', query))
    assert wanted == {field: line[field] for field in wanted}
    assert wanted["event"] == "request"
    (grouped,) = re.findall(r" by (.+)", query)
    assert not [each for each in grouped.split(", ") if each not in line and "bin(" not in each]
    if "status = " in query:
        assert line["status"] == int(re.findall(r"status = (\d+)", query)[0])


def test_the_names_of_the_api_and_the_topic_come_from_parameters_only():
    template = expanded_templates()["monitoring"]
    assert "Fn::ImportValue" not in json.dumps(template)
    assert set(template["Parameters"]) == {"Prefix", "ApiName", "Stage", "AlarmEmail"}
