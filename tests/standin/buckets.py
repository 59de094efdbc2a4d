"""Makes the bucket of the template on the stand-in, for tests of what keeps files in it."""

import secrets
import time

from tests.standin.server import StandIn
from tests.standin.tables import TEMPLATES

PAGES_ORIGIN = "https://campus.example"


def make_bucket(standin: StandIn, pages_origin: str = PAGES_ORIGIN) -> str:
    """Deploy the template of photos under a prefix of its own; return the bucket's name."""
    cloudformation = standin.client("cloudformation")
    stack = f"t{secrets.token_hex(6)}"
    cloudformation.create_stack(
        StackName=stack,
        TemplateBody=(TEMPLATES / "photos.yaml").read_text(),
        Parameters=[
            {"ParameterKey": "Prefix", "ParameterValue": f"{stack}-"},
            {"ParameterKey": "PagesOrigin", "ParameterValue": pages_origin},
        ],
        Capabilities=["CAPABILITY_AUTO_EXPAND"],
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
