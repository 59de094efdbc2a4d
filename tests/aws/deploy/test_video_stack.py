"""deploy/aws/videos.yaml and what the others have of videos: there only where it is asked for."""

import json
from typing import Any, get_args, get_type_hints

import pytest

from quadrangle.aws.videos.instance import HOOK
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.workers.turns import HIDDEN
from tests.standin.expanded import decided, expanded_templates, text_of
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    found = expanded_templates()["videos"]["Resources"]
    return {name: each["Properties"] for name, each in found.items() if each["Type"] == kind}


def test_no_installation_has_videos_unless_it_asks_for_them():
    template = expanded_templates()["template"]
    assert template["Parameters"]["Videos"]["Default"] == "no"
    for name in ("VideoService", "VideoFiles"):
        assert template["Resources"][name]["Condition"] == "HasVideos"
    for name in ("api", "pages"):
        without = decided(expanded_templates()[name]["Resources"], {"HasVideos": False})
        kept = {k: v for k, v in without.items() if v.get("Condition") != "HasVideos"}
        assert "VideosDomain" not in json.dumps(kept)
        assert "VideosHttp" not in json.dumps(kept)


def test_the_database_is_private_kept_and_opened_by_a_password_that_is_replaced():
    (database,) = of_kind("AWS::RDS::DBInstance").values()
    assert database["PubliclyAccessible"] is False
    assert database["StorageEncrypted"] is True
    assert database["ManageMasterUserPassword"] is True
    assert database["DeletionProtection"] == {"Ref": "Protected"}
    assert not of_kind("AWS::EC2::NatGateway")
    assert not of_kind("AWS::RDS::DBProxy")


def test_functions_are_in_the_private_subnets_and_no_more_than_the_database_bears():
    functions = of_kind("AWS::Lambda::Function")
    assert len(functions) == 3
    for name, function in functions.items():
        assert function["VpcConfig"]["SubnetIds"] == [{"Ref": "PrivateA"}, {"Ref": "PrivateB"}]
        assert function["ReservedConcurrentExecutions"], name


def test_whose_videos_may_be_public_is_said_as_on_one_machine():
    """From the parameter of the installation to what the function is told."""
    asked = expanded_templates()["template"]
    said = asked["Parameters"]["VideoPublishers"]
    expected = list(get_args(get_type_hints(Environment)["video_publishers"]))
    assert (said["AllowedValues"], said["Default"]) == (expected, "anyone")
    given = asked["Resources"]["VideoService"]["Properties"]["Parameters"]
    assert given["VideoPublishers"] == {"Ref": "VideoPublishers"}
    told = of_kind("AWS::Lambda::Function")["VideosHttpFunction"]["Environment"]["Variables"]
    assert told["QUADRANGLE_VIDEO_PUBLISHERS"] == {"Ref": "VideoPublishers"}


def test_workers_begin_at_none_and_are_told_before_they_go():
    (group,) = of_kind("AWS::AutoScaling::AutoScalingGroup").values()
    assert group["MinSize"] == "0"
    (hook,) = of_kind("AWS::AutoScaling::LifecycleHook").values()
    assert hook["LifecycleHookName"] == HOOK
    policies = of_kind("AWS::AutoScaling::ScalingPolicy")
    assert policies["MoreWorkers"]["TargetTrackingConfiguration"]["DisableScaleIn"] is True
    (template,) = of_kind("AWS::EC2::LaunchTemplate").values()
    assert template["LaunchTemplateData"]["MetadataOptions"]["HttpTokens"] == "required"


def test_a_call_is_hidden_as_long_as_workers_think():
    turns = of_kind("AWS::SQS::Queue")["TurnsQueue"]
    assert turns["VisibilityTimeout"] == HIDDEN.total_seconds()


def test_workers_let_nobody_in():
    assert "SecurityGroupIngress" not in of_kind("AWS::EC2::SecurityGroup")["WorkersDoor"]


def dimensions(metric: dict[str, Any]) -> set[str]:
    return {text_of(each["Value"], Prefix="t-") for each in metric["Dimensions"]}


def watched_by(metric: str) -> set[str]:
    """Return what alarms that tell the operator look at."""
    found: set[str] = set()
    for alarm in of_kind("AWS::CloudWatch::Alarm").values():
        each = [
            alarm,
            *(m["MetricStat"]["Metric"] for m in alarm.get("Metrics", []) if "MetricStat" in m),
        ]
        if "sns" in json.dumps(alarm["AlarmActions"]):
            assert alarm["TreatMissingData"] == "notBreaching"
            found |= {name for m in each if m.get("MetricName") == metric for name in dimensions(m)}
    return found


def test_calls_that_wait_or_died_are_told():
    queues = of_kind("AWS::SQS::Queue").values()
    dead = {text_of(q["QueueName"], Prefix="t-") for q in queues if "RedrivePolicy" not in q}
    assert "t-video-turns-dead" in dead
    assert watched_by("ApproximateNumberOfMessagesVisible") == dead
    assert watched_by("ApproximateAgeOfOldestMessage") == {"t-video-turns"}


def test_everything_is_on_a_dashboard_of_its_own():
    (dashboard,) = of_kind("AWS::CloudWatch::Dashboard").values()
    body = text_of(dashboard["DashboardBody"], Prefix="t-")
    for name in ("t-videos-http", "t-videos-tend", "t-video-turns", "t-video-turns-dead"):
        assert f'"{name}"' in body


def test_only_renditions_are_read_by_cloudfront_and_only_by_who_has_a_pass():
    policy = expanded_templates()["video-files"]["Resources"]["VideosBucketPolicy"]["Properties"]
    (reads,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
    assert reads["Resource"] == {"Fn::Sub": "${VideosBucket.Arn}/media/*"}
    pages = decided(expanded_templates()["pages"]["Resources"], {"HasVideos": True})
    behaviours = pages["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"]
    (media,) = [each for each in behaviours if each["PathPattern"] == "/media/*"]
    assert media["TrustedKeyGroups"] == [{"Ref": "VideoKeyGroup"}]  # none of photos' keys
