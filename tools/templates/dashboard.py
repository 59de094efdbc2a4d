"""The dashboard, as CloudFormation: four graphs in a row, each six wide and six high."""

from collections.abc import Iterable, Iterator, Sequence

from deploy.aws.inventory.model import DEAD_LETTERS, Inventory, Stream

_Metrics = Sequence[str]
_WIDE = 6
_API = '"AWS/ApiGateway", "{}", "ApiName", "${{ApiName}}", "Stage", "${{Stage}}"'
_SYSTEM_ERRORS = (
    '[{{"expression": "SUM(SEARCH(\'{{AWS/DynamoDB,Operation,TableName}} '
    'MetricName=\\"SystemErrors\\" TableName=\\"${{Prefix}}{0}\\"\', \'Sum\', 60))", '
    '"label": "{0}"}}]'
)


def dashboard(inventory: Inventory) -> str:
    """Return the resource."""
    says = "# SES counts mails of the whole account, and DynamoDB UserErrors.\n"
    return says + _resource("Quadrangle", _graphs(inventory))


def dashboard_of_optional(inventory: Inventory) -> str:
    """Return the resource of a service that installations may be without, named like it."""
    (stack,) = inventory.stacks
    graphs = (*_of_functions(inventory), *_of_queues(inventory))
    return _resource(f"Quadrangle-{stack.template}", graphs)


def _resource(name: str, graphs: Iterable[tuple[str, str, _Metrics]]) -> str:
    places = [(x, y) for y in range(0, 100, _WIDE) for x in range(0, 24, _WIDE)]
    widgets = [_widget(at, *graph) for at, graph in zip(places, graphs, strict=False)]
    body = ",\n".join(widgets)
    return f"""Dashboard:
  Type: AWS::CloudWatch::Dashboard
  Properties:
    DashboardName: !Sub "${{Prefix}}{name}"
    DashboardBody: !Sub |
      {{"start": "-PT1H", "periodOverride": "inherit", "widgets": [
{body}
      ]}}
"""


def _graphs(inventory: Inventory) -> Iterator[tuple[str, str, _Metrics]]:
    """Yield title, statistic and metrics of each."""
    yield from _of_functions(inventory)
    yield from _of_the_api()
    yield from _of_tables([table.name for table in inventory.tables])
    yield from _of_queues(inventory, DEAD_LETTERS)
    (stream,) = [each.name for each in inventory.functions if isinstance(each, Stream)]
    age_of_changes = _each("AWS/Lambda", "IteratorAge", "FunctionName", [stream])
    yield "Changes: age (ms)", "Maximum", age_of_changes
    mails = ("Send", "Delivery", "Bounce", "Complaint", "Reject")
    yield "Mails by state (whole account)", "Sum", [f'["AWS/SES", "{name}"]' for name in mails]


def _of_functions(inventory: Inventory) -> Iterator[tuple[str, str, _Metrics]]:
    functions = [each.name for each in inventory.functions]
    for name, title, statistic in (
        ("Invocations", "Functions: invocations", "Sum"),
        ("Errors", "Functions: errors", "Sum"),
        ("Duration", "Functions: duration (ms)", "Average"),
        ("Throttles", "Functions: throttles", "Sum"),
    ):
        yield title, statistic, _each("AWS/Lambda", name, "FunctionName", functions)


def _of_the_api() -> Iterator[tuple[str, str, _Metrics]]:
    for name, title in (
        ("Count", "API: requests"),
        ("4XXError", "API: refused (4XX)"),
        ("5XXError", "API: failed (5XX)"),
    ):
        yield title, "Sum", [f"[{_API.format(name)}]"]
    slowest = '["...", {"stat": "p99", "label": "p99"}]'
    yield "API: latency (ms)", "Average", [f"[{_API.format('Latency')}]", slowest]


def _of_tables(tables: Sequence[str]) -> Iterator[tuple[str, str, _Metrics]]:
    for name, title in (
        ("ConsumedReadCapacityUnits", "Tables: read capacity"),
        ("ConsumedWriteCapacityUnits", "Tables: write capacity"),
    ):
        yield title, "Sum", _each("AWS/DynamoDB", name, "TableName", tables)
    yield "Tables: errors of callers (whole account)", "Sum", ['["AWS/DynamoDB", "UserErrors"]']
    errors = [_SYSTEM_ERRORS.format(name) for name in tables]
    yield "Tables: errors of DynamoDB", "Sum", errors
    for name in ("ReadThrottleEvents", "WriteThrottleEvents"):
        title = f"Tables: throttled {name.removesuffix('ThrottleEvents').lower()}s"
        yield title, "Sum", _each("AWS/DynamoDB", name, "TableName", tables)


def _of_queues(inventory: Inventory, *dead: str) -> Iterator[tuple[str, str, _Metrics]]:
    waiting, age = "ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"
    queues = [each.name for each in (*inventory.workers, *inventory.machine_queues)]
    yield "Queues: waiting", "Maximum", _each("AWS/SQS", waiting, "QueueName", queues)
    yield "Queues: age of the oldest (s)", "Maximum", _each("AWS/SQS", age, "QueueName", queues)
    of_dead = _each("AWS/SQS", waiting, "QueueName", [*dead, *inventory.dead_letters])
    yield "Queues: dead", "Maximum", of_dead


def _each(namespace: str, metric: str, dimension: str, names: Sequence[str]) -> _Metrics:
    """Return a metric of several things; `...` stands for what is as in the line before."""
    first, *others = names
    lines = [f'["{namespace}", "{metric}", "{dimension}", "${{Prefix}}{first}"]']
    return lines + [f'["...", "${{Prefix}}{name}"]' for name in others]


def _widget(at: tuple[int, int], title: str, statistic: str, metrics: _Metrics) -> str:
    x, y = at
    wide = 2 * _WIDE if title.startswith("Mails") else _WIDE
    lines = ",\n".join(" " * 12 + line for line in metrics)
    place_and_size = f'"x": {x}, "y": {y}, "width": {wide}, "height": {_WIDE}'
    shown = '"region": "${AWS::Region}", "view": "timeSeries", "period": 60'
    return f"""        {{"type": "metric", {place_and_size}, "properties": {{
          "title": "{title}", {shown}, "stat": "{statistic}",
          "metrics": [
{lines}
          ]}}}}"""
