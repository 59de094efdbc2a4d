"""Alarms of what runs daily and of queues, as CloudFormation.

Errors and throttles of functions have alarms over the whole account, written by hand: CloudWatch
bills every figure that an alarm reads.
"""

from collections.abc import Iterator

from deploy.aws.inventory.model import DEAD_LETTERS, Inventory, camel
from deploy.aws.inventory.rights import arn

_TELLS = """    EvaluationPeriods: {periods}
    TreatMissingData: {silence}
    AlarmActions: [{topic}]
    OKActions: [{topic}]
"""
_ABOVE = "    ComparisonOperator: GreaterThanThreshold\n    Threshold: {threshold}\n"
_HERE = "!Ref Alarms"
# Where the topic is not in the same template.
BY_NAME = arn("sns", "${Prefix}alarms")
_SIX_HOURS_S = 6 * 3600


def of_optional(inventory: Inventory) -> Iterator[str]:
    """Yield every alarm of a service that installations may be without, for its own template."""
    yield from daily(inventory, BY_NAME)
    yield from (_not_empty(name, BY_NAME) for name in inventory.dead_letters)
    yield from waiting(inventory, BY_NAME)


def daily(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield two alarms of each function that runs once a day: that it failed, and that it did not
    run. What it did not do once in 30 hours it did not do that day."""
    for each in inventory.daily:
        above = _ABOVE.format(threshold=0)
        failed = _of_function(each.name, "Errors", each.alarm, period=86400)
        yield failed + above + _tells(topic)
        says = f"The function {each.name} has not run for 30 hours, and should every night."
        silent = _of_function(each.name, "Invocations", says, period=_SIX_HOURS_S)
        below = "    ComparisonOperator: LessThanThreshold\n    Threshold: 1\n"
        yield silent + below + _tells(topic, periods=5, silence="breaching")


def _of_function(name: str, metric: str, says: str, *, period: int) -> str:
    return f"""{camel(name)}{metric}:
  Type: AWS::CloudWatch::Alarm
  Properties:
    AlarmName: !Sub "${{Prefix}}{name}-{metric.lower()}"
    AlarmDescription: "{says}"
    Namespace: AWS/Lambda
    MetricName: {metric}
    Dimensions:
      - {{Name: FunctionName, Value: !Sub "${{Prefix}}{name}"}}
    Statistic: Sum
    Period: {period}
"""


def dead_letters(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each queue that should be empty."""
    for name in (DEAD_LETTERS, *inventory.dead_letters):
        yield _not_empty(name, topic)


def _not_empty(name: str, topic: str) -> str:
    says = f"The queue {name} has messages that nobody could work off."
    figure = _of_queue(name, "ApproximateNumberOfMessagesVisible", "not-empty", says, period=60)
    return figure + _ABOVE.format(threshold=0) + _tells(topic)


def waiting(inventory: Inventory, topic: str = _HERE) -> Iterator[str]:
    """Yield the alarm of each queue that machines work off too late."""
    for each in inventory.machine_queues:
        figure = _of_queue(
            each.name, "ApproximateAgeOfOldestMessage", "wait", each.waits, period=300
        )
        yield figure + _ABOVE.format(threshold=each.longest_s) + _tells(topic)


def _of_queue(name: str, metric: str, ending: str, says: str, *, period: int) -> str:
    return f"""{camel(name)}{camel(ending)}:
  Type: AWS::CloudWatch::Alarm
  Properties:
    AlarmName: !Sub "${{Prefix}}{name}-{ending}"
    AlarmDescription: "{says}"
    Namespace: AWS/SQS
    MetricName: {metric}
    Dimensions:
      - {{Name: QueueName, Value: !Sub "${{Prefix}}{name}"}}
    Statistic: Maximum
    Period: {period}
"""


def _tells(topic: str, *, periods: int = 1, silence: str = "notBreaching") -> str:
    return _TELLS.format(topic=topic, periods=periods, silence=silence)
