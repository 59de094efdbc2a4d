"""What the REST API has of each function that answers requests, as CloudFormation."""

from collections.abc import Iterator

from deploy.aws.inventory.model import Inventory
from deploy.aws.inventory.rights import arn

_REST = "{proxy+}"
_INVOKED = (
    "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/"
    "${{{}}}/invocations"
)


def parameters(inventory: Inventory) -> Iterator[str]:
    """Yield the parameter that is the ARN of each."""
    for each in inventory.answering:
        yield f"""{each.logical_id}:
  Type: String
  Description: "ARN of the function {each.name}: {_small(each.does)}"
"""


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].removesuffix(".")


def paths(inventory: Inventory) -> Iterator[str]:
    """Yield each path that is passed on as it is."""
    for each in inventory.answering:
        for path in each.paths:
            yield _path(path, each.logical_id)


def _path(path: str, function: str) -> str:
    rest = ""
    if path.endswith(_REST):
        rest = "\n    parameters: [{name: proxy, in: path, required: true, schema: {type: string}}]"
    return f"""{path}:
  x-amazon-apigateway-any-method:{rest}
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
  Properties:
    FunctionName: !Ref {each.logical_id}
    Action: lambda:InvokeFunction
    Principal: apigateway.amazonaws.com
    SourceArn: {calls}
"""
