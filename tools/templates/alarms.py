"""Alarms of functions, tables and queues, as CloudFormation."""

from collections.abc import Iterator, Sequence

from deploy.aws.inventory.model import MOST_FIGURES, Daily, Group, Inventory, camel
from deploy.aws.inventory.rights import arn

_ENDS = """    ComparisonOperator: GreaterThanThreshold
    Threshold: {threshold}
    EvaluationPeriods: 1
    TreatMissingData: notBreaching
    AlarmActions: [{topic}]
    OKActions: [{topic}]
"""
_HERE = "!Ref Alarms"
# Where the topic is not in the same template.
BY_NAME = arn("sns", "${Prefix}alarms")


def of_optional(inventory: Inventory) -> Iterator[str]:
    """Yield every alarm of a service that installations may be without, for its own template."""
    yield from errors(inventory, BY_NAME)
    yield from daily_errors(inventory, BY_NAME)
    yield from throttles(inventory, BY_NAME)
    yield from dead_letters(inventory, BY_NAME)
    yield from waiting(inventory, BY_NAME)


def errors(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each function that fails often."""
    for each in inventory.functions:
        if not isinstance(each, Daily):
            says = f"The function {each.name} failed more than 10 times in 5 minutes."
            yield _errors(each.name, says, period=300, threshold=10, topic=topic)


def daily_errors(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each function that may not fail once."""
    for each in inventory.daily:
        yield _errors(each.name, each.alarm, period=86400, threshold=0, topic=topic)


def _errors(name: str, says: str, *, period: int, threshold: int, topic: str) -> str:
    return f"""{camel(name)}Errors:
  Type: AWS::CloudWatch::Alarm
  Properties:
    AlarmName: !Sub "${{Prefix}}{name}-errors"
    AlarmDescription: "{says}"
    Namespace: AWS/Lambda
    MetricName: Errors
    Dimensions:
      - {{Name: FunctionName, Value: !Sub "${{Prefix}}{name}"}}
    Statistic: Sum
    Period: {period}
{_ENDS.format(threshold=threshold, topic=topic)}"""


def throttles(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each group of functions or tables."""
    groups: dict[Group, list[str]] = {}
    for group, figure in (*_of_functions(inventory), *_of_tables(inventory)):
        groups.setdefault(group, []).append(figure)
    for group, figures in groups.items():
        yield _throttles(group, figures, topic)


def _of_functions(inventory: Inventory) -> Iterator[tuple[Group, str]]:
    for each in inventory.functions:
        where = f'{{Name: FunctionName, Value: !Sub "${{Prefix}}{each.name}"}}'
        yield each.group, _metric("AWS/Lambda", "Throttles", where)


def _of_tables(inventory: Inventory) -> Iterator[tuple[Group, str]]:
    for table in inventory.tables:
        where = f'{{Name: TableName, Value: !Sub "${{Prefix}}{table.name}"}}'
        yield from ((table.group, each) for each in _capacity(where))
        for index in table.indexes:
            if table.index_group is None:
                raise ValueError(f"The indexes of {table.name} are in no group.")
            of_index = f"{where}, {{Name: GlobalSecondaryIndexName, Value: {index}}}"
            yield from ((table.index_group, each) for each in _capacity(of_index))


def _capacity(where: str) -> Iterator[str]:
    for name in ("ReadThrottleEvents", "WriteThrottleEvents"):
        yield _metric("AWS/DynamoDB", name, where)


def _metric(namespace: str, name: str, where: str) -> str:
    return f"{{Namespace: {namespace}, MetricName: {name}, Dimensions: [{where}]}}"


def _throttles(group: Group, metrics: Sequence[str], topic: str) -> str:
    if len(metrics) > MOST_FIGURES:
        raise ValueError(
            f"The alarm {group.name}-throttles would add up {len(metrics)} figures, and AWS takes "
            f"{MOST_FIGURES}: please give some another group."
        )
    figures = "".join(
        f"""      - Id: m{number}
        ReturnData: false
        MetricStat:
          Metric: {metric}
          Period: 300
          Stat: Sum
"""
        for number, metric in enumerate(metrics, start=1)
    )
    return f"""{camel(group.name)}Throttles:
  Type: AWS::CloudWatch::Alarm
  Properties:
    AlarmName: !Sub "${{Prefix}}{group.name}-throttles"
    AlarmDescription: "{group.says}"
    Metrics:
      - {{Id: all, Expression: "SUM(METRICS())", Label: all}}
{figures}{_ENDS.format(threshold=0, topic=topic)}"""


def dead_letters(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each queue that should be empty."""
    for name in inventory.dead_letters:
        yield f"""{camel(name)}NotEmpty:
  Type: AWS::CloudWatch::Alarm
  Properties:
    AlarmName: !Sub "${{Prefix}}{name}-not-empty"
    AlarmDescription: "The queue {name} has messages that nobody could work off."
    Namespace: AWS/SQS
    MetricName: ApproximateNumberOfMessagesVisible
    Dimensions:
      - {{Name: QueueName, Value: !Sub "${{Prefix}}{name}"}}
    Statistic: Maximum
    Period: 60
{_ENDS.format(threshold=0, topic=topic)}"""


def waiting(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each queue that machines work off too late."""
    for each in inventory.machine_queues:
        yield f"""{camel(each.name)}Wait:
  Type: AWS::CloudWatch::Alarm
  Properties:
    AlarmName: !Sub "${{Prefix}}{each.name}-wait"
    AlarmDescription: "{each.waits}"
    Namespace: AWS/SQS
    MetricName: ApproximateAgeOfOldestMessage
    Dimensions:
      - {{Name: QueueName, Value: !Sub "${{Prefix}}{each.name}"}}
    Statistic: Maximum
    Period: 300
{_ENDS.format(threshold=each.longest_s, topic=topic)}"""
