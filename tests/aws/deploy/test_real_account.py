"""What a real account would refuse, keep or charge for, and no stand-in does."""

import json
import re
from typing import Any

import pytest

from tests.standin.expanded import expanded_templates, resources, text_of
from tests.standin.server import MISSING, PYTHON
from tools.aws_removal import RETAINED

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)


def test_cloudfront_keeps_no_answer_that_is_an_error():
    (distribution,) = resources("AWS::CloudFront::Distribution").values()
    kept = distribution["DistributionConfig"]["CustomErrorResponses"]
    assert {each["ErrorCode"] for each in kept} == {404, 500, 502, 503, 504}
    for each in kept:
        assert each == {"ErrorCode": each["ErrorCode"], "ErrorCachingMinTTL": 0}


def test_no_queue_takes_more_containers_than_a_new_account_can_give():
    """Ten may run at once there; what is turned away was received without having run."""
    mappings = {
        name: each
        for name, each in resources("AWS::Lambda::EventSourceMapping").items()
        if "Queue" in json.dumps(each["EventSourceArn"])
    }
    assert len(mappings) > 8
    for name, each in mappings.items():
        assert 2 <= each["ScalingConfig"]["MaximumConcurrency"] <= 5, name


def test_lambda_ends_no_loop_that_is_meant_and_every_other():
    """Lambda ends what comes round about 16 times. Those that work off a queue put what waits or
    goes on into it again, and the check of the audit calls itself."""
    allowed, meant = set(), set()
    for name, template in expanded_templates().items():
        there = template["Resources"]
        for logical, each in there.items():
            if each["Type"] == "AWS::Lambda::Function":
                if each["Properties"].get("RecursiveLoop") == "Allow":
                    allowed.add((name, logical))
                if _comes_back(logical, each["Properties"], there):
                    meant.add((name, logical))
    assert ("audit", "AuditCheckFunction") in meant
    assert len(meant) > 8
    assert allowed == meant


def _comes_back(logical: str, function: dict[str, Any], there: dict[str, Any]) -> bool:
    """Tell whether a function may send to a queue that it is called by, or call itself."""
    role = there[function["Role"]["Fn::GetAtt"][0]]["Properties"]
    said = [s for each in role["Policies"] for s in each["PolicyDocument"]["Statement"]]

    def may(action: str) -> str:
        return json.dumps([s["Resource"] for s in said if action in s["Action"]])

    queues = [
        each["Properties"]["EventSourceArn"]["Fn::GetAtt"]
        for each in there.values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
        and each["Properties"]["FunctionName"] == {"Ref": logical}
        and "Fn::GetAtt" in each["Properties"]["EventSourceArn"]
    ]
    own = text_of(function["FunctionName"])
    return any(json.dumps(queue) in may("sqs:SendMessage") for queue in queues) or (
        f"function:{own}" in may("lambda:InvokeFunction")
    )


def test_the_stream_is_tried_a_bounded_number_of_times_and_by_what_is_written_only():
    (stream,) = [
        each
        for each in resources("AWS::Lambda::EventSourceMapping").values()
        if "ChangesStream" in json.dumps(each["EventSourceArn"])
    ]
    assert stream["MaximumRetryAttempts"] == 50
    (one,) = stream["FilterCriteria"]["Filters"]
    assert json.loads(one["Pattern"]) == {"eventName": ["INSERT"]}


def test_changes_are_sent_when_the_queues_of_videos_are_there():
    """Its stack says so itself: a dependency only where there is that stack."""
    parts = expanded_templates()["template"]["Resources"]
    said = parts["Dispatch"]["Properties"]["Parameters"]["Videos"]
    there = {"Fn::GetAtt": ["VideoService", "Outputs.There"]}
    assert said == {"Fn::If": ["HasVideos", there, "no"]}
    assert expanded_templates()["videos"]["Outputs"]["There"]["Value"] == "yes"


def test_the_api_counts_nothing_that_costs_and_nobody_looks_at():
    (stage,) = resources("AWS::ApiGateway::Stage").values()
    assert not any(each["MetricsEnabled"] for each in stage["MethodSettings"])


def test_lines_of_the_access_log_are_json_whatever_an_error_says():
    (stage,) = resources("AWS::ApiGateway::Stage").values()
    written = stage["AccessLogSetting"]["Format"]
    assert "error.message" not in written  # may have quotes
    assert json.loads(re.sub(r"\$context[\w.]+", "x", written))["error"] == "x"


def test_mails_are_bounded_by_their_sender_and_by_nothing_that_ses_asks_for_besides():
    role = expanded_templates()["mail"]["Resources"]["DeliverRole"]["Properties"]
    (document,) = [each["PolicyDocument"] for each in role["Policies"]]
    (sends,) = [s for s in document["Statement"] if "ses:SendEmail" in s["Action"]]
    assert [each["Fn::Sub"].rpartition(":")[2] for each in sends["Resource"]] == [
        *("identity/*", "configuration-set/*")
    ]
    assert "ses:FromAddress" in sends["Condition"]["StringLike"]


def test_there_is_one_public_stage():
    deployments = resources("AWS::ApiGateway::Deployment").values()
    assert not any("StageName" in each for each in deployments)
    assert [each["StageName"] for each in resources("AWS::ApiGateway::Stage").values()] == ["prod"]


def test_the_keys_of_tokens_and_of_the_audit_outlive_a_stack_deleted_by_mistake():
    """Not a first deployment that failed: the next one would find the names taken."""
    kept = {
        text_of(each["Properties"]["Name"], Prefix="")
        for template in expanded_templates().values()
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SecretsManager::Secret"
        and each.get("DeletionPolicy") == "RetainExceptOnCreate"
    }
    assert kept == set(RETAINED)
