"""Where functions are measured: a stand-in for AWS with what they need, and processes for them."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec

from deploy.aws.inventory import INVENTORY
from tests.standin.server import PYTHON, REGION, StandIn
from tests.standin.tables import all_tables, make_tables

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "dist" / "lambda"
PROCESS = Path(__file__).with_name("lambda_process.py")
BARE = ROOT / "bench" / "peers" / "source_lambdas"
# What Lambda's Python has besides the standard library; the stand-in's has more, which frameworks
# would find and import.
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
SOURCE_TABLE = "CampusIssues"
SECRET = "bench-signing-keys"
JOBS = tuple(job for each in INVENTORY.always.workers for job in each.jobs)


class Handler(msgspec.Struct, frozen=True):
    """What is measured: `target` is `module.name` in `folder`, `event` what it is called with, and
    `environment` what it is told besides World.environment."""

    name: str
    folder: Path
    target: str
    event: dict[str, Any]
    environment: dict[str, str] = {}


class Times(msgspec.Struct, frozen=True):
    """Milliseconds of one process: the first answer with the import, how long a processor worked
    for it, and the median of the other answers."""

    cold: float
    cold_cpu: float
    warm: float


class World:
    """The stand-in with tables, a queue, a secret and a sender that may send; empty otherwise."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.folder = folder
        dynamodb = standin.client("dynamodb")
        prefix = make_tables(dynamodb, *all_tables())
        dynamodb.create_table(
            TableName=SOURCE_TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "issueId", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "issueId", "KeyType": "HASH"}],
        )
        self.bare = folder / "bare"
        _copy_with_bytecode(BARE, self.bare)
        self._runtime = folder / "runtime"
        self._runtime.mkdir()
        for name in RUNTIME:
            _copy_with_bytecode(_site_packages() / name, self._runtime / name)
        standin.client("ses").verify_email_identity(EmailAddress="sender@campus.example")
        standin.client("secretsmanager").create_secret(Name=SECRET)
        self._sqs = standin.client("sqs")
        self.queue = self._sqs.create_queue(QueueName="bench")["QueueUrl"]
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
            "QUADRANGLE_SIGNING_KEYS": SECRET,
            "QUADRANGLE_ADMIN_EMAIL": "admin@campus.example",
            "QUADRANGLE_MAIL_FROM": "Quadrangle <sender@campus.example>",
            "QUADRANGLE_QUEUES": json.dumps(dict.fromkeys(JOBS, self.queue)),
            "QUADRANGLE_DEAD_LETTERS": self.queue,
            "QUADRANGLE_RATE_LIMITS": "off",
            "TABLE": SOURCE_TABLE,
            "QUEUE": self.queue,
            "SECRET": SECRET,
            "ISSUES": f"{prefix}Issues",
            "CHANGES": f"{prefix}Changes",
            "SENDER": "sender@campus.example",
            "RECEIVER": "admin@campus.example",
        }

    def call(self, handler: Handler) -> str:
        """Return the body of one answer, empty for a function behind a queue."""
        program = (
            "import json, sys; from importlib import import_module as load;"
            "m, _, n = sys.argv[1].rpartition('.');"
            "answer = getattr(load(m), n)(json.loads(sys.argv[2]), None);"
            "print('\\n' + answer.get('body', ''))"
        )
        command = [PYTHON, "-S", "-c", program, handler.target, json.dumps(handler.event)]
        return self._run(command, handler).splitlines()[-1]

    def take_messages(self) -> list[dict[str, Any]]:
        """Take what is in the queue."""
        taken = []
        while found := self._sqs.receive_message(QueueUrl=self.queue).get("Messages"):
            for each in found:
                taken.append(json.loads(each["Body"]))
                handle = each["ReceiptHandle"]
                self._sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=handle)
        return taken

    def measure(self, handler: Handler, calls: int) -> Times:
        """Run it in a process of its own."""
        event = self.folder / "event.json"
        event.write_text(json.dumps(handler.event))
        command = [PYTHON, "-S", PROCESS, handler.target, event, str(calls)]
        return msgspec.json.decode(self._run(command, handler), type=Times)

    def _run(self, command: list[Any], handler: Handler) -> str:
        environment = {
            **self.environment,
            **handler.environment,
            "PYTHONPATH": f"{handler.folder}{os.pathsep}{self._runtime}",
        }
        done = subprocess.run(
            command, env=environment, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{handler.name}: {done.stderr[-2000:]}")
        return done.stdout


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
