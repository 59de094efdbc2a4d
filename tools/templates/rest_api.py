"""What the REST API has of each function that answers requests, as CloudFormation."""

from collections.abc import Iterator
from textwrap import indent

from deploy.aws.inventory.model import Inventory
from deploy.aws.inventory.rights import arn
from deploy.aws.inventory.runtime import ALIAS

_REST = "{proxy+}"
_INVOKED = (
    "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/"
    "${{{}}}:" + ALIAS + "/invocations"
)


def parameters(inventory: Inventory) -> Iterator[str]:
    """Yield the parameter that is the ARN of each."""
    for each in inventory.answering:
        optional = bool(inventory.condition_of(each))
        default = '\n  Default: ""' if optional else ""
        none = "; empty for none" if optional else ""
        yield f"""{each.logical_id}:
  Type: String{default}
  Description: "ARN of the function {each.name}: {_small(each.does)}{none}"
"""


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].removesuffix(".")


def paths(inventory: Inventory) -> Iterator[str]:
    """Yield each path that is passed on as it is."""
    for each in inventory.answering:
        condition = inventory.condition_of(each)
        for path in each.paths:
            called = _called(path, each.logical_id)
            yield f"{path}:\n{_where(condition, called) if condition else indent(called, '  ')}"


def _where(condition: str, called: str) -> str:
    first, *others = called.splitlines()
    lines = ["Fn::If:", f"  - {condition}", f"  - {first}", *(f"    {line}" for line in others)]
    return indent("\n".join([*lines, "  - !Ref AWS::NoValue\n"]), "  ")


def _called(path: str, function: str) -> str:
    rest = ""
    if path.endswith(_REST):
        rest = "\n  parameters: [{name: proxy, in: path, required: true, schema: {type: string}}]"
    return f"""x-amazon-apigateway-any-method:{rest}
  responses: {{default: {{description: See the API's own description}}}}
  x-amazon-apigateway-integration:
    type: aws_proxy
    httpMethod: POST
    uri: !Sub "{_INVOKED.format(function)}"
"""


def permissions(inventory: Inventory) -> Iterator[str]:
    """Yield what lets the API call each."""
    calls = arn("execute-api", "${Api}/prod/*")
    for each in inventory.answering:
        yield f"""{each.logical_id.removesuffix("Http")}Permission:
  Type: AWS::Lambda::Permission
{_only_where(inventory.condition_of(each))}  Properties:
    FunctionName: !Sub "${{{each.logical_id}}}:{ALIAS}"
    Action: lambda:InvokeFunction
    Principal: apigateway.amazonaws.com
    SourceArn: {calls}
"""


def _only_where(condition: str) -> str:
    return f"  Condition: {condition}\n" if condition else ""
