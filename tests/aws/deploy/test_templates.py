"""What must hold for all templates of deploy/aws, looked at as AWS sees them."""

import math
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.aws.inventory import INVENTORY
from tests.standin.expanded import expanded_templates, resources, text_of
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)

SECRET = "AWS::SecretsManager::Secret"
# X-Ray has no resources that could be named.
XRAY = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
# Neither has describing what EC2 has.
NAMELESS = {*XRAY, "ec2:DescribeInstances", "ec2:DescribeInstanceTypes"}
# In the policy of a key or a bucket, `*` is that key, or everyone that is denied.


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every statement that allows something, with the resource it is in; those of web ACLs
    are of another kind."""
    for template, content in expanded_templates().items():
        for name, resource in content["Resources"].items():
            if resource["Type"] == "AWS::WAFv2::WebACL":
                continue
            for document in policies(resource.get("Properties", {})):
                for statement in as_list(document["Statement"]):
                    if statement["Effect"] == "Allow":
                        yield f"{template}.{name}", statement


def policies(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
        else:
            for each in value.values():
                yield from policies(each)
    elif isinstance(value, list):
        for each in value:
            yield from policies(each)


def named_by(statement: dict[str, Any]) -> Iterator[Any]:
    """Yield what a statement names as resources, under a condition or without."""
    for resource in as_list(statement.get("Resource", [])):
        if isinstance(resource, dict) and "Fn::If" in resource:
            yield from resource["Fn::If"][1:]
        else:
            yield resource


def test_no_role_may_use_everything_where_a_name_is_possible():
    found = {
        (where, action)
        for where, statement in statements()
        for resource in named_by(statement)
        if resource == "*"
        for action in as_list(statement["Action"])
    }
    assert not {(where, action) for where, action in found if action not in NAMELESS}


def test_no_statement_allows_every_action_of_a_service():
    found = {
        (where, action)
        for where, statement in statements()
        for action in as_list(statement["Action"])
        if action.endswith("*")
    }
    assert not found


def test_names_in_resources_do_not_end_early():
    """`table/x*` would name what others call `xyz`: a star stands for a whole part only."""
    for where, statement in statements():
        for resource in named_by(statement):
            text = text_of(resource) if not is_attribute(resource) else ""
            # a group has an id of AWS's in the middle of its name
            text = text.replace("autoScalingGroup:*:", "autoScalingGroup:")
            if "*" in text and text != "*":
                assert text.endswith(("/*", ":*")), (where, text)
                assert text.count("*") == 1, (where, text)


def is_attribute(value: Any) -> bool:
    """Or one of two, by a condition."""
    return isinstance(value, dict) and ("Fn::GetAtt" in value or "Fn::If" in value)


def test_no_role_has_a_managed_policy_and_each_function_has_a_role_of_its_own():
    roles = resources("AWS::IAM::Role")
    managed = [name for name, role in roles.items() if "ManagedPolicyArns" in role]
    # what API Gateway itself writes logs with, for the whole account; and what builds an image, in
    # a stack of its own; and the interfaces of functions in the network of a database
    functions = resources("AWS::Lambda::Function")
    inside = {
        f"{name.split('.')[0]}.{each['Role']['Fn::GetAtt'][0]}"
        for name, each in functions.items()
        if "VpcConfig" in each
    }
    assert {*managed} == {"api.LoggingRole", "desktop-image.BuilderRole", *inside}
    used = [(name.split(".")[0], str(each["Role"])) for name, each in functions.items()]
    assert len(set(used)) == len(functions) > 10


def test_queues_are_encrypted():
    queues = resources("AWS::SQS::Queue")
    assert queues
    for name, queue in queues.items():
        assert queue["SqsManagedSseEnabled"] is True, name
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600, name


def test_tables_are_on_demand_encrypted_recoverable_and_protected():
    tables = resources("AWS::DynamoDB::Table")
    assert len(tables) >= 8
    for name, table in tables.items():
        assert table["BillingMode"] == "PAY_PER_REQUEST", name
        # without this DynamoDB encrypts with a key of its own; with it, KMS is paid by the call
        assert "SSESpecification" not in table, name
        recovery = table["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": True}, name
        assert table["DeletionProtectionEnabled"] == {"Ref": "Protected"}, name


def test_logs_of_functions_end():
    groups = {
        text_of(each["LogGroupName"]): each["RetentionInDays"]
        for each in resources("AWS::Logs::LogGroup").values()
    }
    for name, function in resources("AWS::Lambda::Function").items():
        group = groups["/aws/lambda/" + text_of(function["FunctionName"])]
        assert group == {"Ref": "LogDays"}, name


def test_one_request_of_twenty_is_traced_and_no_reaction():
    """Traces cost by number, and what a reaction does its log tells."""
    (rule,) = [each["SamplingRule"] for each in resources("AWS::XRay::SamplingRule").values()]
    assert (rule["FixedRate"], rule["ReservoirSize"]) == (0.05, 0)
    assert text_of(rule["ServiceName"], Prefix="t-") == "t-api/prod"
    answering = {f"${{Prefix}}{each.name}" for each in INVENTORY.answering}
    tracing = set(XRAY)
    for name, function in resources("AWS::Lambda::Function").items():
        traced = function.get("TracingConfig") == {"Mode": "Active"}
        assert traced == (text_of(function["FunctionName"]) in answering), name
        role = f"{name.split('.')[0]}.{function['Role']['Fn::GetAtt'][0]}"
        may = {a for where, s in statements() if where == role for a in as_list(s["Action"])}
        assert (tracing <= may) == traced, name


def test_what_queues_and_streams_hand_out_has_somewhere_to_go_when_it_fails():
    queues = resources("AWS::SQS::Queue")
    for name, source in resources("AWS::Lambda::EventSourceMapping").items():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        arn = source["EventSourceArn"]
        if is_attribute(arn):
            queue = queues[f"{name.split('.')[0]}.{arn['Fn::GetAtt'][0]}"]
            assert queue["RedrivePolicy"]["deadLetterTargetArn"], name
        else:
            assert source["DestinationConfig"]["OnFailure"]["Destination"], name


def test_buckets_are_private_and_want_encrypted_connections():
    denied = set()
    for name, policy in resources("AWS::S3::BucketPolicy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement.get("Sid") == "EncryptedConnectionsOnly":
                denied.add(f"{name.split('.')[0]}.{policy['Bucket']['Ref']}")
    buckets = resources("AWS::S3::Bucket")
    assert set(buckets) == denied
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name


def test_secrets_given_as_parameters_are_not_shown():
    for name, template in expanded_templates().items():
        for parameter, properties in template.get("Parameters", {}).items():
            if parameter.endswith("Secret"):
                assert properties["NoEcho"] is True, (name, parameter)


def test_one_function_alone_reads_the_keys_that_sign_addresses_of_photos():
    readers = {
        where
        for where, statement in statements()
        for resource in named_by(statement)
        if resource == {"Ref": "PhotoKeys"}
    }
    assert readers == {"issues.IssuesHttpRole"}


def test_two_functions_alone_read_the_key_of_the_audit():
    secret = {"Fn::GetAtt": ["AuditKeySecret", "Id"]}
    allowed = [
        (where, as_list(statement["Action"]))
        for where, statement in statements()
        if secret in as_list(statement.get("Resource", []))
    ]
    reading = ["secretsmanager:GetSecretValue"]
    assert allowed == [("audit.AccountsAuditRole", reading), ("audit.AuditCheckRole", reading)]
    (key,) = [each for name, each in resources(SECRET).items() if name == "audit.AuditKeySecret"]
    made = key["GenerateSecretString"]
    assert made == {"PasswordLength": 64, "ExcludePunctuation": True}
    assert made["PasswordLength"] * math.log2(len(string.ascii_letters + string.digits)) > 256


def test_one_function_alone_writes_the_audit_and_none_can_change_or_take_from_it():
    """To put is to write over, too: that a record is never written over is said by a condition."""
    allowed = {
        (where, action)
        for where, statement in statements()
        for resource in as_list(statement.get("Resource", []))
        if is_audit(resource)
        for action in as_list(statement["Action"])
    }
    assert {action for _, action in allowed} == {
        *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem")
    }
    writers = {where for where, action in allowed if action == "dynamodb:PutItem"}
    assert writers == {"audit.AccountsAuditRole"}


def test_functions_that_let_api_keys_in_write_no_other_item_of_accounts():
    """They answer requests about issues and mails, and could make anyone an administrator."""
    for role in ("issues.IssuesHttpRole", "mail.OperationHttpRole"):
        writing = [
            statement
            for where, statement in statements()
            for resource in as_list(statement.get("Resource", []))
            if where == role and not is_attribute(resource)
            if text_of(resource).endswith("table/${Prefix}Accounts")
            if {*as_list(statement["Action"])} - {"dynamodb:GetItem", "dynamodb:Query"}
        ]
        (statement,) = writing
        assert statement["Action"] == ["dynamodb:UpdateItem"], role
        keys = ["api-keys", "usage#*"]
        assert statement["Condition"] == {
            "ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}
        }, role


def is_audit(resource: Any) -> bool:
    if isinstance(resource, dict) and "Fn::If" in resource:
        return any(is_audit(each) for each in resource["Fn::If"][1:])
    if is_attribute(resource):
        return resource["Fn::GetAtt"] == ["AuditTable", "Arn"]
    return text_of(resource).endswith("table/${Prefix}Audit")


def test_every_function_that_takes_tokens_knows_who_needs_a_second_factor():
    """Else a role that is held back by one function would have all its rights at another."""
    taking = [
        function["Environment"]["Variables"]
        for function in resources("AWS::Lambda::Function").values()
        if "QUADRANGLE_OIDC_ISSUER" in function["Environment"]["Variables"]
    ]
    assert len(taking) == 5
    for told in taking:
        assert told["QUADRANGLE_TWO_FACTOR"] == {"Ref": "TwoFactor"}
        assert told["QUADRANGLE_PIN_SIGN_IN"] == {"Ref": "PinSignIn"}


def test_the_function_that_rotates_keys_may_do_that_alone():
    found = [s for where, s in statements() if where == "accounts.KeysRotateRole"]
    assert [s["Action"] for s in found if "sts:AssumeRole" not in as_list(s["Action"])] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
    ]
    assert found[-1]["Resource"] == [{"Ref": "SigningKeys"}]


def test_each_slot_for_a_key_of_photos_is_in_the_group_when_it_has_one():
    template = expanded_templates()["shared"]
    group = template["Resources"]["PhotoKeyGroup"]["Properties"]["KeyGroupConfig"]
    assert group["Items"] == [
        {"Fn::If": [f"HasPhotoKey{slot}", {"Ref": f"PhotoKey{slot}"}, {"Ref": "AWS::NoValue"}]}
        for slot in ("A", "B")
    ]
    for slot in ("A", "B"):
        assert template["Resources"][f"PhotoKey{slot}"]["Condition"] == f"HasPhotoKey{slot}"


def test_an_issuer_is_asked_by_encrypted_connections_or_is_this_machine():
    pattern = expanded_templates()["template"]["Parameters"]["OidcIssuer"]["AllowedPattern"]
    taken = ("", "https://sso.campus.example/realms/campus", "http://127.0.0.1:8080")
    refused = ("http://sso.campus.example", "http://localhost.example", "https://", "x",
               "https://sso.campus.example?a", "https://sso.campus.example#a")  # fmt: skip
    for issuer in (*taken, *refused):
        assert bool(re.fullmatch(pattern, issuer)) is (issuer in taken), issuer
