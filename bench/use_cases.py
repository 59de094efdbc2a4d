"""Runs every use case through the functions of Lambda on a stand-in for AWS, and counts.

Run as a program by `count`, as functions read their settings from the environment.
"""

from __future__ import annotations

import asyncio
import gzip
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import msgspec
from PIL import Image

from bench.costs import read_prices
from bench.counting import Meter, Usage
from bench.lambda_cases import REPORT
from bench.lambda_events import request
from deploy.aws.inventory import INVENTORY
from tests.standin.server import REGION, StandIn
from tests.standin.tables import all_tables, make_tables
from tests.standin.user_pools import make_pool

TIMES = 20  # each use case is run this often; figures are means
HEADERS = 600  # bytes of an answer, about
ISSUES = 120  # that are there before, more than a list shows
WORKERS = INVENTORY.always.workers
CALLED = ("base.react", "operation.deliver")  # those that changes of issues and accounts reach
ADMIN = "admin@campus.example"
PHOTO = (4000, 3000)  # pixels, as a phone takes them
Handler = Callable[[Any, Any], Any]


def count() -> dict[str, Usage]:
    """Return what one call of each use case uses, by its name in aws_prices.toml."""
    with tempfile.TemporaryDirectory() as folder:
        standin = StandIn(Path(folder)).start()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bench.use_cases"],
                env=_environment(standin),
                cwd=Path(__file__).parents[1],
                stdout=subprocess.PIPE,
                text=True,
            )
        finally:
            standin.stop()
    if done.returncode:
        raise RuntimeError(done.stdout[-4000:])
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=dict[str, Usage])


def _environment(standin: StandIn) -> dict[str, str]:
    prefix = make_tables(standin.client("dynamodb"), *all_tables())
    sqs = standin.client("sqs")
    urls = {w.name: sqs.create_queue(QueueName=w.name)["QueueUrl"] for w in WORKERS}
    queues = {job: urls[worker.name] for worker in WORKERS for job in worker.jobs}
    dead = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    standin.client("secretsmanager").create_secret(Name="signing-keys")
    standin.client("secretsmanager").create_secret(Name="audit-key", SecretString="k" * 64)
    standin.client("sesv2").create_email_identity(EmailIdentity="campus@campus.example")
    standin.client("s3").create_bucket(
        Bucket=f"{prefix}photos", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    pool = make_pool(standin.client("cognito-idp"))
    key, secret = standin.credentials
    return {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": standin.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "QUADRANGLE_PREFIX": prefix,
        "QUADRANGLE_PUBLIC_URL": "https://campus.example",
        "QUADRANGLE_ADMIN_EMAIL": ADMIN,
        "QUADRANGLE_MAIL_FROM": "campus@campus.example",
        "QUADRANGLE_SIGNING_KEYS": "signing-keys",
        "QUADRANGLE_AUDIT_KEY": "audit-key",
        "QUADRANGLE_USER_POOL": pool.pool_id,
        "QUADRANGLE_USER_POOL_CLIENT": pool.client_id,
        "QUADRANGLE_PHOTOS_BUCKET": f"{prefix}photos",
        "QUADRANGLE_RATE_LIMITS": "off",
        "QUADRANGLE_SCHEDULE_GROUP": "default",
        "QUADRANGLE_SCHEDULER_ROLE": "arn:aws:iam::000000000000:role/scheduler",
        "QUADRANGLE_QUEUES": json.dumps(queues),
        "QUADRANGLE_DEAD_LETTERS": dead,
        "QUADRANGLE_LOG_LEVEL": "warning",
    }


def _function(name: str, reactions: str = "") -> Handler:
    """Load a function as a container of its own does."""
    os.environ["QUADRANGLE_REACTIONS"] = reactions
    spec = importlib.util.find_spec(f"quadrangle.hosts.lambdas.{name}")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def _sent(body: str) -> int:
    """Return the bytes of an answer: API Gateway compresses it from a kilobyte on."""
    whole = body.encode()
    return HEADERS + (len(gzip.compress(whole)) if len(whole) >= 1024 else len(whole))


class Campus:
    """The functions, wired as the templates wire them. Calls of `_plain` are not counted."""

    def __init__(self) -> None:
        self._plain: Any = {name: boto3.client(name) for name in ("dynamodb", "sqs", "s3")}
        self._prefix = os.environ["QUADRANGLE_PREFIX"]
        names = self._plain["dynamodb"].list_tables()["TableNames"]
        describe = self._plain["dynamodb"].describe_table
        tables = {name: describe(TableName=name)["Table"] for name in names}
        self.meter = Meter(tables, read_prices().waits)
        queues: dict[str, str] = json.loads(os.environ["QUADRANGLE_QUEUES"])
        self._queues = {each.name: queues[each.job] for each in WORKERS}
        # those that answer requests use the loop of their process; the others, here in the same
        # process, make their own and leave none
        self._loop = asyncio.new_event_loop()
        self._issues = _function("issues.http")
        self._accounts = _function("accounts.http")
        self._dispatch = _function("base.dispatch")
        self._photos = _function("issues.photos")
        self._workers = {
            each.name: _function(each.handler, ",".join(each.jobs))
            for each in WORKERS
            if each.handler in CALLED
        }
        self._seen: set[tuple[str, str]] = set()
        self._token = self._sign_in()

    def _sign_in(self) -> str:
        made = _function("accounts.setup")(None, None)
        body = json.dumps({"email": ADMIN, "password": made["password"]})
        asyncio.set_event_loop(self._loop)
        answer = self._accounts(request("POST", "/api/accounts/sign-in", body), None)
        return json.loads(answer["body"])["accessToken"]

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Send a request as staff, when it is not one that everyone makes."""
        event = request(method, path, None if body is None else json.dumps(body))
        event["queryStringParameters"] = query or None
        event["multiValueQueryStringParameters"] = {k: [v] for k, v in query.items()} or None
        if not path.startswith(("/report-issue", "/issue-status")):
            event["headers"]["Authorization"] = f"Bearer {self._token}"
            event["multiValueHeaders"]["Authorization"] = [f"Bearer {self._token}"]
        asyncio.set_event_loop(self._loop)
        answer = self.meter.invoke(self._issues, event)
        if answer["statusCode"] >= 400:
            raise RuntimeError(f"{method} {path}: {answer}")
        self.meter.usage.api_request += 1
        self.meter.usage.out_bytes += _sent(answer["body"])
        return json.loads(answer["body"])

    def report(self, **more: str) -> str:
        issue_id = self.call("POST", "/report-issue", {**REPORT, **more})["issueId"]
        self.settle(issue_id)
        return issue_id

    def settle(self, issue_id: str) -> None:
        """Let everything happen that follows from changes of an issue."""
        if records := self._new_records(issue_id):
            self.meter.invoke(self._dispatch, {"Records": records})
        while sum(self._work(name) for name in self._workers):
            pass

    def settle_all(self) -> None:
        """Let happen what had to wait: a mail about a status does so for a minute."""
        while any(self._holds(name) for name in self._workers):
            if not sum(self._work(name) for name in self._workers):
                time.sleep(1)

    def _holds(self, name: str) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
        found = self._plain["sqs"].get_queue_attributes(
            QueueUrl=self._queues[name], AttributeNames=names
        )
        return any(int(found["Attributes"][each]) for each in names)

    def _new_records(self, subject: str) -> list[dict[str, Any]]:
        found = self._plain["dynamodb"].query(
            TableName=f"{self._prefix}Changes",
            KeyConditionExpression="subject = :s",
            ExpressionAttributeValues={":s": {"S": subject}},
        )["Items"]
        new = [item for item in found if (subject, item["seq"]["N"]) not in self._seen]
        self._seen |= {(subject, item["seq"]["N"]) for item in new}
        return [
            {
                "eventName": "INSERT",
                "dynamodb": {"NewImage": item, "SequenceNumber": item["seq"]["N"]},
            }
            for item in new
        ]

    def _work(self, name: str) -> bool:
        sqs, url = self._plain["sqs"], self._queues[name]
        got = sqs.receive_message(
            QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"]
        ).get("Messages", [])
        for message in got:
            record = {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
            }
            answer = self.meter.invoke(self._workers[name], {"Records": [record]})
            if answer["batchItemFailures"]:
                raise RuntimeError(f"{name} did not succeed")
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            self.meter.usage.sqs_request += 2  # Lambda's own: to receive and to delete
        return bool(got)

    def photo(self, issue_id: str, content: bytes) -> None:
        """Announce a picture, send it, let it be taken in, and ask once what came of it."""
        path = f"/api/issues/{issue_id}/photo-uploads"
        begun = self.call("POST", path, {"contentType": "image/jpeg", "bytes": len(content)})
        bucket, key = f"{self._prefix}photos", begun["fields"]["key"]
        self._plain["s3"].put_object(Bucket=bucket, Key=key, Body=content)
        self.meter.usage.s3_put += 1  # the browser's
        event = {"s3": {"bucket": {"name": bucket}, "object": {"key": key}}}
        records = [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Post", **event}]
        self.meter.invoke(self._photos, {"Records": records})
        self.settle(issue_id)
        outcome = self.call("GET", f"{path}/{begun['uploadId']}")
        if outcome["state"] != "done":
            raise RuntimeError(f"the photo was not taken in: {outcome}")


def _cases(campus: Campus) -> dict[str, Callable[[str], object]]:
    """Return what to do with an issue's id, by name."""
    picture = io.BytesIO()
    Image.effect_noise(PHOTO, 20).convert("RGB").save(picture, "JPEG", quality=75)

    def resolve(issue_id: str) -> None:
        campus.call("PUT", "/update-status", {"issueId": issue_id, "status": "RESOLVED"})
        campus.settle(issue_id)

    return {
        "look up": lambda issue_id: campus.call("GET", f"/issue-status/{issue_id}"),
        "report, no address left": lambda _: campus.report(),
        "report with e-mail": lambda _: campus.report(email=f"{uuid4().hex}@campus.example"),
        "list of 50": lambda _: campus.call("GET", "/get-all-issues"),
        "search": lambda _: campus.call("GET", "/get-all-issues", q="wireless floor"),
        "statistics": lambda _: campus.call("GET", "/api/issues/statistics"),
        "photo": lambda issue_id: campus.photo(issue_id, picture.getvalue()),
        "status change with mail": resolve,
    }


def main() -> None:
    """Run all and print what each used, in JSON, as the last line."""
    campus = Campus()
    ids = [campus.report(email=f"{uuid4().hex}@campus.example") for _ in range(ISSUES)]
    means: dict[str, Usage] = {}
    for name, do in _cases(campus).items():
        times = 3 if name == "photo" else TIMES
        campus.meter.usage = Usage()
        for issue_id in ids[:times]:
            do(issue_id)
        campus.settle_all()
        means[name] = Usage().plus(campus.meter.usage, 1 / times)
        print(name, means[name], file=sys.stderr)
    print("\n" + msgspec.json.encode(means).decode())


if __name__ == "__main__":
    main()
