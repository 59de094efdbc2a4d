"""Functions, each with its queue, log and role, as CloudFormation."""

import json
from collections.abc import Iterator, Sequence

from deploy.aws.inventory.model import Daily, Function, Http, Inventory, Often, Stream, Worker
from deploy.aws.inventory.runtime import ALIAS
from tools.templates.queues import dead_letters, queue_of_jobs
from tools.templates.roles import role

_LONGEST_S = 60  # a worker may take, so that its queue hides messages six times as long


def function(entry: Function, inventory: Inventory) -> str:
    """Return all resources of a function, with an empty line behind each."""
    parts = [_function(entry, inventory), _logs(entry), role(entry, inventory)]
    if isinstance(entry, Worker):
        if entry.timeout != _LONGEST_S:
            raise ValueError(f"{entry.name}: its queue is made for {_LONGEST_S} seconds.")
        parts.insert(0, queue_of_jobs(entry.queue, entry.name))
    if entry.on_failure is not None:
        parts.insert(0, dead_letters(entry.on_failure))
    return "\n".join(parts)


def _function(entry: Function, inventory: Inventory) -> str:
    lines = [f"# {entry.does}", f"{entry.logical_id}Function:", "  Type: AWS::Serverless::Function"]
    lines += ["  Properties:", *(f"    {line}" for line in _properties(entry, inventory))]
    return "\n".join(lines) + "\n"


def _properties(entry: Function, inventory: Inventory) -> Iterator[str]:
    yield f'FunctionName: !Sub "${{Prefix}}{entry.name}"'
    yield f"CodeUri: ../../dist/lambda/{entry.package}"
    yield f"Handler: quadrangle.hosts.lambdas.{entry.handler}.handler"
    yield f"Role: !GetAtt {entry.logical_id}Role.Arn"
    yield f"Timeout: {entry.timeout}"
    yield f"MemorySize: {entry.memory}"
    if isinstance(entry, Http):
        yield "Tracing: Active"  # of requests that the API has chosen; reactions are in the log
    if entry.reserved:
        yield f"ReservedConcurrentExecutions: {entry.reserved}"
    if isinstance(entry, Http):
        yield from _published(entry)
    if entry.goes_round:
        yield "RecursiveLoop: Allow"
    if entry.retries is not None:
        yield from _invocations(entry)
    if entry.network:
        yield f"VpcConfig: {entry.network}"
    yield "Environment:"
    yield "  Variables:"
    for name, value in _variables(entry, inventory).items():
        yield f"    QUADRANGLE_{name}: {value}"
    yield from _events(entry)


def _published(entry: Http) -> Iterator[str]:
    """Yield what makes a version of code and configuration at once and has requests go to it.

    SAM looks at the template alone for what is new, and not at values of parameters: Release
    changes with either.
    """
    yield from (f"AutoPublishAlias: {ALIAS}", "AutoPublishCodeSha256: !Ref Release")
    yield "VersionDeletionPolicy: Delete"
    if entry.warm:
        yield f"ProvisionedConcurrencyConfig: {entry.warm}"
    starts = "!If [SnapStarts, PublishedVersions, None]"
    yield f"SnapStart: {{ApplyOn: {starts}}}"


def _invocations(entry: Function) -> Iterator[str]:
    yield "EventInvokeConfig:"
    yield f"  MaximumRetryAttempts: {entry.retries}"
    if entry.on_failure is not None:
        yield "  DestinationConfig:"
        yield f"    OnFailure: {{Type: SQS, Destination: !GetAtt {entry.on_failure.id}.Arn}}"


def _variables(entry: Function, inventory: Inventory) -> dict[str, str]:
    variables = {"PREFIX": "!Ref Prefix", **entry.variables}
    if isinstance(entry, Http):
        # so that a version is never what the last one was, which AWS would refuse
        variables["RELEASE"] = "!Ref Release"
    if isinstance(entry, Worker):
        names, jobs = _names(inventory), (*entry.jobs, *entry.puts)
        variables.setdefault("SCHEDULE_GROUP", '!Sub "${Prefix}jobs"')
        variables |= _queues(_text({job: names[job] for job in jobs}))
    elif isinstance(entry, Often) and entry.puts:
        names = _names(inventory)
        variables |= _queues(_text({job: names[job] for job in entry.puts}))
    elif knows_all_queues(entry):
        variables |= _queues(_all_queues(inventory))
    return variables


def _names(inventory: Inventory) -> dict[str, str]:
    return {job: worker.name for worker in inventory.workers for job in worker.jobs}


def _all_queues(inventory: Inventory) -> str:
    """Return the names of the queues that there are: those of optional services where they are."""
    always, optional = inventory.always, [each for each in inventory.optional if each.workers]
    if not optional:
        return _text(_names(always))
    if len(optional) > 1:
        raise ValueError("Queues are named with one optional service and without, not with more.")
    (stack,) = optional[0].stacks
    both = _text(_names(Inventory((*always.stacks, stack))))
    return f"!If [{stack.condition}, {both}, {_text(_names(always))}]"


def conditions(inventory: Inventory, functions: Sequence[Function]) -> str:
    """Return the conditions of a template some of whose `functions` know all queues: whether there
    are the optional services that have any."""
    found = [each.stacks[0].condition for each in inventory.optional if each.workers]
    lines = [f'  {name}: !Equals [!Ref {name.removeprefix("Has")}, "yes"]\n' for name in found]
    if any(isinstance(each, Http) for each in functions):
        lines.append('  SnapStarts: !Equals [!Ref SnapStart, "on"]\n')
    return "".join(["Conditions:\n", *lines]) if lines else ""


def knows_all_queues(entry: Function) -> bool:
    return isinstance(entry, Stream) or (isinstance(entry, Http) and entry.sees_all_queues)


def _text(names: dict[str, str]) -> str:
    return f"'{json.dumps(names)}'"


def _queues(names: str) -> dict[str, str]:
    return {"QUEUE_BASE": "!Ref QueueBase", "QUEUES": names}


def _events(entry: Function) -> Iterator[str]:
    match entry:
        case Worker():
            yield from _from_queue(entry)
        case Stream():
            yield from _from_stream(entry)
        case Daily():
            hour, minute = entry.at.split(":")
            at = f"cron({minute} {hour} * * ? *)"
            yield from ("Events:", "  Daily:", "    Type: Schedule")
            yield f'    Properties: {{Schedule: "{at}"}}'
        case Often():
            yield from ("Events:", "  Often:", "    Type: Schedule")
            yield f'    Properties: {{Schedule: "rate({entry.rate})"}}'


def _from_queue(entry: Worker) -> Iterator[str]:
    yield from ("Events:", f"  {entry.event}:", "    Type: SQS", "    Properties:")
    yield f"      Queue: !GetAtt {entry.queue}Queue.Arn"
    if entry.only_with:
        yield f"      Enabled: !If [{entry.only_with}, true, false]"
    yield f"      BatchSize: {entry.batch}"
    yield f"      ScalingConfig: {{MaximumConcurrency: {entry.at_once}}}"
    yield "      FunctionResponseTypes: [ReportBatchItemFailures]"


def _from_stream(entry: Stream) -> Iterator[str]:
    assert entry.on_failure is not None
    yield from ("Events:", "  Changes:", "    Type: DynamoDB", "    Properties:")
    yield "      Stream: !Ref ChangesStream"
    yield "      StartingPosition: TRIM_HORIZON"
    yield "      BatchSize: 100"
    yield "      BisectBatchOnFunctionError: true"
    yield "      FunctionResponseTypes: [ReportBatchItemFailures]"
    # what was written is news; what is removed is none
    yield """      FilterCriteria: {Filters: [{Pattern: '{"eventName": ["INSERT"]}'}]}"""
    yield "      MaximumRetryAttempts: 50"
    yield "      DestinationConfig:"
    yield f"        OnFailure: {{Type: SQS, Destination: !GetAtt {entry.on_failure.id}.Arn}}"


def _logs(entry: Function) -> str:
    return f"""{entry.logical_id}Logs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub "/aws/lambda/${{Prefix}}{entry.name}"
    RetentionInDays: !Ref LogDays
"""
