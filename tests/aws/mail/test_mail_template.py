"""deploy/aws/mail.yaml as it comes out when it is deployed, but for its functions.

Their code would have to be built first: tests/deployed runs them.
"""

import json
import time
from typing import Any

import pytest

from quadrangle.mail.reactions import MAIL_POLICY
from tests.standin.expanded import expanded_templates, without_functions
from tests.standin.server import StandIn

LONGEST_FUNCTION_S = 60


GIVEN = {
    "Prefix": "template-",
    "Protected": "false",
    "PublicUrl": "https://campus.example",
    "SigningKeys": "arn:aws:secretsmanager:eu-central-1:000000000000:secret:template-keys",
    "AdminEmail": "admin@campus.example",
    "MailFrom": "campus@campus.example",
    "MailIdentity": "campus.example",
    "UserPool": "eu-central-1_template",
    "QueueBase": "https://queues.example/template-",
}


@pytest.fixture(scope="module")
def deployed(standin: StandIn) -> dict[str, str]:
    """What the template made, by its logical names."""
    client = standin.client("cloudformation")
    dead = standin.client("sqs").create_queue(QueueName="template-dead-letters")["QueueUrl"]
    given = {**GIVEN, "DeadLetters": attributes(standin, dead)["QueueArn"]}
    client.create_stack(
        StackName="mail-template",
        TemplateBody=json.dumps(without_functions("mail")),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in given.items()
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    while True:
        (stack,) = client.describe_stacks(StackName="mail-template")["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack.get("StackStatusReason")
    made = client.describe_stack_resources(StackName="mail-template")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}


def attributes(standin: StandIn, url: str) -> dict[str, Any]:
    client = standin.client("sqs")
    return client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def test_queues_are_encrypted_and_the_dead_are_kept_two_weeks(standin: StandIn, deployed):
    queue = attributes(standin, deployed["MailQueue"])
    assert queue["SqsManagedSseEnabled"] == "true"
    assert int(queue["MessageRetentionPeriod"]) == 14 * 24 * 3600
    dead = expanded_templates()["shared"]["Resources"]["DeadLetters"]["Properties"]
    assert dead["SqsManagedSseEnabled"] is True
    assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_message_is_not_handed_out_again_while_it_is_worked_on(standin: StandIn, deployed):
    queue = attributes(standin, deployed["MailQueue"])
    assert int(queue["VisibilityTimeout"]) >= 6 * LONGEST_FUNCTION_S


def test_sqs_moves_no_message_that_has_attempts_left(standin: StandIn, deployed):
    redrive = json.loads(attributes(standin, deployed["MailQueue"])["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":template-dead-letters")
    # what AWS has no container for is handed out as well, after minutes each time
    assert int(redrive["maxReceiveCount"]) >= 100 * MAIL_POLICY.max_attempts


def test_the_scheduler_may_send_to_the_queue_and_nothing_else(standin: StandIn, deployed):
    client = standin.client("iam")
    role = deployed["SchedulerRole"]
    assert client.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    (name,) = client.list_role_policies(RoleName=role)["PolicyNames"]
    policy = client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    (statement,) = policy["Statement"]
    queue = attributes(standin, deployed["MailQueue"])["QueueArn"]
    assert (statement["Action"], statement["Resource"]) == ("sqs:SendMessage", queue)
    trust = client.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust[0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust[0]["Condition"]["StringEquals"]["aws:SourceArn"].endswith("/template-jobs")
