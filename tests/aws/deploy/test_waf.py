"""The limit on requests from one address: off unless asked for, and it counts whom it should."""

import secrets
from typing import Any

import pytest

from tests.standin.expanded import decided, expanded_templates, resources
from tests.standin.server import MISSING, PYTHON, StandIn
from tools import waf_aws
from tools.deploy_aws import MADE

needs_sam = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)


def rule_of(template: str) -> dict[str, Any]:
    acl = expanded_templates()[template]["Resources"]["AddressLimit"]["Properties"]
    assert acl["DefaultAction"] == {"Allow": {}}
    (rule,) = acl["Rules"]
    answer = rule["Action"]["Block"]["CustomResponse"]
    assert answer["ResponseCode"] == 429
    assert answer["CustomResponseBodyKey"] in acl["CustomResponseBodies"]
    assert {"Name": "Retry-After", "Value": "300"} in answer["ResponseHeaders"]
    return rule["Statement"]["RateBasedStatement"]


@needs_sam
def test_it_is_off_unless_it_is_asked_for():
    root, api = (expanded_templates()[name] for name in ("template", "api"))
    assert root["Parameters"]["WafRequests"]["Default"] == 0
    assert root["Parameters"]["WebAclArn"]["Default"] == ""
    assert api["Conditions"]["HasWaf"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "WafRequests"}, 0]}]}
    of_waf = {n: e for n, e in api["Resources"].items() if e["Type"].startswith("AWS::WAFv2::")}
    assert len(of_waf) == 2
    assert {each["Condition"] for each in of_waf.values()} == {"HasWaf"}


@needs_sam
def test_cloudfront_asks_one_that_is_in_the_only_region_it_takes():
    acl = expanded_templates()["waf"]["Resources"]["AddressLimit"]["Properties"]
    assert acl["Scope"] == "CLOUDFRONT"
    assert rule_of("waf") == {"Limit": {"Ref": "Requests"}, "AggregateKeyType": "IP"}
    assert waf_aws.REGION == "us-east-1"
    nested = [each["Properties"].get("Location", "") for each in root_parts()]
    assert not any("waf" in str(each) for each in nested)  # it is in another region's stack
    for asked in (True, False):
        (front,) = resources("AWS::CloudFront::Distribution").values()
        config = decided(front, {"HasWebAcl": asked})["DistributionConfig"]
        assert config.get("WebACLId") == ({"Ref": "WebAclArn"} if asked else None)
    assert "WebAclArn" in MADE


def root_parts() -> list[dict[str, Any]]:
    return list(expanded_templates()["template"]["Resources"].values())


@needs_sam
def test_the_api_counts_those_who_come_directly():
    """Who comes by CloudFront has its address there, as all others have."""
    rate = rule_of("api")
    assert (rate["Limit"], rate["AggregateKeyType"]) == ({"Ref": "WafRequests"}, "IP")
    counted = rate["ScopeDownStatement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    assert counted["FieldToMatch"] == {"SingleHeader": {"Name": "x-quadrangle-front"}}
    assert counted["SearchString"] == {"Ref": "FrontSecret"}
    assert counted["PositionalConstraint"] == "EXACTLY"
    (acl,) = resources("AWS::WAFv2::WebACLAssociation").values()
    assert acl["ResourceArn"]["Fn::Sub"].endswith("::/restapis/${Api}/stages/prod")


@pytest.mark.parametrize(("said", "expected"), [("", 0), ("0", 0), ("10", 10), ("3000", 3000)])
def test_how_many_requests_are_asked_for(said: str, expected: int):
    assert waf_aws.requests_of({"WafRequests": said}) == expected
    assert waf_aws.requests_of({}) == 0


@pytest.mark.parametrize("said", ["9", "-1", "many"])
def test_a_limit_that_aws_refuses_is_refused_before(said: str):
    with pytest.raises(SystemExit, match="0 for no limit, or 10 and more"):
        waf_aws.requests_of({"WafRequests": said})


def test_the_limit_is_made_changed_and_taken_away(standin: StandIn):
    prefix = f"t{secrets.token_hex(4)}-"
    stacks, waf = standin.client("cloudformation"), standin.client("wafv2")
    arn = waf_aws.put(stacks, prefix, 3000)
    assert f"/webacl/{prefix}pages/" in arn
    for requests in (3000, 500):
        assert waf_aws.put(stacks, prefix, requests) == arn
        (acl,) = [
            each
            for each in waf.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
            if each["Name"] == f"{prefix}pages"
        ]
        found = waf.get_web_acl(Name=acl["Name"], Scope="CLOUDFRONT", Id=acl["Id"])["WebACL"]
        (rule,) = found["Rules"]
        assert int(rule["Statement"]["RateBasedStatement"]["Limit"]) == requests
    for _ in range(2):  # also where there is none
        waf_aws.remove(stacks, prefix)
    assert not waf_aws.is_there(stacks, prefix)
