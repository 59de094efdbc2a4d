"""Makes the bucket of the template on the stand-in, for tests of what keeps files in it."""

import json
import secrets
import time

from tests.standin.expanded import without_functions
from tests.standin.server import StandIn

DISTRIBUTION = "E2QWRUHAPOMQZL"
PAGES_ORIGIN = "https://campus.example"


def make_bucket(standin: StandIn, pages_origin: str = PAGES_ORIGIN) -> str:
    """Deploy the template of photos under a prefix of its own; return the bucket's name."""
    cloudformation = standin.client("cloudformation")
    stack = f"t{secrets.token_hex(6)}"
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(without_functions("photos")),
        Parameters=[
            {"ParameterKey": "Prefix", "ParameterValue": f"{stack}-"},
            {"ParameterKey": "PagesOrigin", "ParameterValue": pages_origin},
            {"ParameterKey": "Distribution", "ParameterValue": DISTRIBUTION},
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    while (status := _status(cloudformation, stack)) == "CREATE_IN_PROGRESS":
        time.sleep(0.02)
    assert status == "CREATE_COMPLETE", status
    resource = cloudformation.describe_stack_resource(
        StackName=stack, LogicalResourceId="PhotosBucket"
    )
    return resource["StackResourceDetail"]["PhysicalResourceId"]


def _status(cloudformation, stack: str) -> str:
    return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
