"""Our functions on Lambda beside bare boto3 handlers: cold start, warm time, size of the package.

Every handler runs in a fresh process of the same Python, against the same stand-in for AWS, with
its modules' bytecode. Cold is from the import to the first answer; what the runtime itself needs
before is alike for all.
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any

import msgspec

from tests.standin.server import PYTHON, REGION, StandIn
from tests.standin.tables import make_tables

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "dist" / "lambda" / "http"
PROCESS = Path(__file__).with_name("lambda_process.py")
BARE = ROOT / "bench" / "peers" / "source_lambdas"
# What Lambda's Python has besides the standard library; the stand-in's has more, which frameworks
# would find and import.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
WARM_CALLS = 300
SOURCE_TABLE = "CampusIssues"
LARGEST_ZIP = 11.0  # MB
REPORT = {
    "issueType": "Network",
    "location": "Library",
    "description": "The wireless network drops every few minutes on the second floor.",
}


class Handler(msgspec.Struct, frozen=True):
    """What is measured: `target` is `module.name` in `folder`, `event` what it is called with."""

    name: str
    folder: Path
    target: str
    event: dict[str, Any]


class Times(msgspec.Struct, frozen=True):
    """Milliseconds of one process: the first answer with the import, the median of the others."""

    cold: float
    warm: float


def run(rounds: int, calls: int = WARM_CALLS) -> str:
    """Measure and return tables in Markdown. Raises SystemExit when the package is not built."""
    if not PACKAGE.exists():
        raise SystemExit("There is no dist/lambda/http: tools/build_lambda.py makes it.")
    with tempfile.TemporaryDirectory() as folder:
        standin = StandIn(Path(folder)).start()
        try:
            world = _World(standin, Path(folder))
            tables = [
                _table("POST /report-issue", world.reporting(), world, rounds, calls),
                _table("GET /issue-status/{id}", world.looking_up(), world, rounds, calls),
            ]
        finally:
            standin.stop()
    size = f"\nThe package of HTTP functions: {_zipped():.1f} MB zipped (limit {LARGEST_ZIP}).\n"
    return "### Functions on AWS Lambda, one call after another\n\n" + "\n".join(tables) + size


class _World:
    """The stand-in with tables, a sender that may send, and one issue to look up in each table."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.folder = folder
        dynamodb = standin.client("dynamodb")
        prefix = make_tables(dynamodb)
        dynamodb.create_table(
            TableName=SOURCE_TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "issueId", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "issueId", "KeyType": "HASH"}],
        )
        self._bare = folder / "bare"
        _copy_with_bytecode(BARE, self._bare)
        self._runtime = folder / "runtime"
        self._runtime.mkdir()
        for name in RUNTIME:
            _copy_with_bytecode(_site_packages() / name, self._runtime / name)
        standin.client("ses").verify_email_identity(EmailAddress="sender@campus.example")
        key, secret = standin.credentials
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_ENDPOINT_URL": standin.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "PYTHONDONTWRITEBYTECODE": "1",
            "QUADRANGLE_PREFIX": prefix,
            "QUADRANGLE_PUBLIC_URL": "https://campus.example",
            "QUADRANGLE_PHOTOS_BUCKET": f"{prefix}photos",
            "QUADRANGLE_SIGNING_KEYS": "none",
            "QUADRANGLE_RATE_LIMITS": "off",
            "TABLE": SOURCE_TABLE,
            "ISSUES": f"{prefix}Issues",
            "CHANGES": f"{prefix}Changes",
            "SENDER": "sender@campus.example",
            "RECEIVER": "admin@campus.example",
        }

    def reporting(self) -> list[Handler]:
        event = event_of("POST", "/report-issue", body=json.dumps(REPORT))
        return [
            Handler("Quadrangle", PACKAGE, OURS, event),
            Handler("the source's, put_item and mail", self._bare, "create_issue." + BARES, event),
            Handler("bare, one transaction", self._bare, "create_our_way." + BARES, event),
        ]

    def looking_up(self) -> list[Handler]:
        ours, sources, _ = self.reporting()
        bare = "get_issue." + BARES
        return [
            Handler("Quadrangle", PACKAGE, OURS, self._question(ours)),
            Handler("the source's, get_item", self._bare, bare, self._question(sources)),
        ]

    def _question(self, reporting: Handler) -> dict[str, Any]:
        issue_id = json.loads(self.call(reporting))["issueId"]
        return event_of("GET", f"/issue-status/{issue_id}", issueId=issue_id)

    def call(self, handler: Handler) -> str:
        """Return the body of one answer."""
        program = (
            "import json, sys; from importlib import import_module as load;"
            "m, _, n = sys.argv[1].rpartition('.');"
            "answer = getattr(load(m), n)(json.loads(sys.argv[2]), None);"
            "print('\\n' + answer['body'])"
        )
        command = [PYTHON, "-S", "-c", program, handler.target, json.dumps(handler.event)]
        return self._run(command, handler).splitlines()[-1]

    def measure(self, handler: Handler, calls: int) -> Times:
        """Run it in a process of its own."""
        event = self.folder / "event.json"
        event.write_text(json.dumps(handler.event))
        command = [PYTHON, "-S", PROCESS, handler.target, event, str(calls)]
        return msgspec.json.decode(self._run(command, handler), type=Times)

    def _run(self, command: list[Any], handler: Handler) -> str:
        environment = {
            **self.environment,
            "PYTHONPATH": f"{handler.folder}{os.pathsep}{self._runtime}",
        }
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{handler.name}: {done.stderr[-2000:]}")
        return done.stdout


OURS = "quadrangle.hosts.lambdas.issues_http.handler"
BARES = "lambda_handler"


def event_of(method: str, path: str, body: str | None = None, **parameters: str) -> dict[str, Any]:
    """Return a REST API's proxy event, as the documents of API Gateway show it."""
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Host": "api.campus.example",
        "Origin": "https://campus.example",
        "User-Agent": "Mozilla/5.0",
        "X-Forwarded-For": "192.0.2.7, 198.51.100.3",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "apiId": "bench",
            "stage": "prod",
            "httpMethod": method,
            "path": f"/prod{path}",
            "identity": {"sourceIp": "192.0.2.7", "userAgent": "Mozilla/5.0"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def _site_packages() -> Path:
    (found,) = (PYTHON.parents[1] / "lib").glob("python*/site-packages")
    return found


def _copy_with_bytecode(source: Path, target: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    if source.is_file():
        shutil.copy(source, target)
        compileall.compile_file(target, quiet=1)
    else:
        shutil.copytree(source, target, ignore=ignored)
        compileall.compile_dir(target, quiet=1, workers=0)


def _table(call: str, handlers: list[Handler], world: _World, rounds: int, calls: int) -> str:
    world.measure(handlers[0], 1)  # what the disk had not read yet is in memory then
    seen: dict[str, list[Times]] = {handler.name: [] for handler in handlers}
    for number in range(rounds):
        print(f"{call}: round {number + 1} of {rounds}", file=sys.stderr)
        for handler in handlers:
            seen[handler.name].append(world.measure(handler, calls))
    ours = seen[handlers[0].name]
    lines = [f"| `{call}` | cold | warm |", "|---|---|---|"]
    for name, times in seen.items():
        lines.append(f"| {name} | {_cell(ours, times, 'cold')} | {_cell(ours, times, 'warm')} |")
    return "\n".join(lines) + "\n"


def _cell(ours: list[Times], times: list[Times], which: str) -> str:
    figure = f"{statistics.median(getattr(each, which) for each in times):.1f} ms"
    if times is ours:
        return figure
    ratios = [
        getattr(mine, which) / getattr(each, which) for mine, each in zip(ours, times, strict=True)
    ]
    return f"{figure} (ours: {statistics.median(ratios):.2f}×)"


def _zipped() -> float:
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        with zipfile.ZipFile(file.name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in PACKAGE.rglob("*"):
                archive.write(path, path.relative_to(PACKAGE))
        return Path(file.name).stat().st_size / 1e6
