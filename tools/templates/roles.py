"""Roles of functions, as CloudFormation: each right names what it is for."""

from collections.abc import Iterator, Sequence
from textwrap import indent

from deploy.aws.inventory.model import Function, Http, Inventory, Right, Stream, Worker
from deploy.aws.inventory.rights import arn, attribute, may, queue, ref, table


def role(entry: Function, inventory: Inventory) -> str:
    """Return the role of a function: its log, traces of requests, what its kind needs, and its own
    rights."""
    statements = "".join(indent(_statement(right), " " * 12) for right in _rights(entry, inventory))
    own_log = arn("logs", f"log-group:/aws/lambda/${{Prefix}}{entry.name}:*")
    return f"""{entry.logical_id}Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
{_in_a_network(entry)}    Policies:
      - PolicyName: work
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: [logs:CreateLogStream, logs:PutLogEvents]
              Resource: {own_log}
{_traces(entry)}{statements}"""


def _traces(entry: Function) -> str:
    if not isinstance(entry, Http):
        return ""
    return """            # X-Ray knows no resources
            - Effect: Allow
              Action: [xray:PutTraceSegments, xray:PutTelemetryRecords]
              Resource: "*"
"""


def _in_a_network(entry: Function) -> str:
    if not entry.network:
        return ""
    policy = "service-role/AWSLambdaVPCAccessExecutionRole"
    return f"""    # interfaces in that network, which no policy of ours could say more narrowly
    ManagedPolicyArns: [!Sub "arn:${{AWS::Partition}}:iam::aws:policy/{policy}"]
"""


def _rights(entry: Function, inventory: Inventory) -> Sequence[Right]:
    """Return what a role may, beside its log and traces."""
    if isinstance(entry, Worker):
        return [*_working_off(entry), *entry.rights]
    if isinstance(entry, Stream):
        assert entry.on_failure is not None
        stray = attribute(f"{entry.on_failure.id}.Arn")
        queues = [_queue(each, inventory) for each in inventory.reactions]
        return [*entry.rights, may("sqs", "SendMessage", *queues, stray)]
    if isinstance(entry, Http) and entry.sees_all_queues:
        return [*entry.rights, *_all_queues(inventory)]
    return entry.rights


def _working_off(entry: Worker) -> Iterator[Right]:
    actions = "ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility SendMessage"
    yield may("sqs", actions, attribute(f"{entry.queue}Queue.Arn"))
    yield may("sqs", "SendMessage", ref("DeadLetters"))
    yield may("dynamodb", "UpdateItem", table("Attempts"))


def _all_queues(inventory: Inventory) -> Iterator[Right]:
    workers = inventory.workers
    queues = [_queue(each, inventory) for each in workers]
    yield may("sqs", "SendMessage GetQueueAttributes", *queues)
    actions = "ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueAttributes"
    yield may("sqs", actions, ref("DeadLetters"))


def _queue(worker: Worker, inventory: Inventory) -> str:
    """Return the queue of a worker, where there is that worker."""
    found, condition = queue(worker.name), inventory.condition_of(worker)
    return f"!If [{condition}, {found}, !Ref AWS::NoValue]" if condition else found


def _statement(right: Right) -> str:
    lines = [f"# {right.why}"] if right.why else []
    lines += ["- Effect: Allow", f"  Action: [{', '.join(right.actions)}]", "  Resource:"]
    lines += [f"    - {resource}" for resource in right.resources]
    if right.condition:
        lines += ["  Condition:", *(f"    {line}" for line in right.condition.split("\n"))]
    return "\n".join(lines) + "\n"
