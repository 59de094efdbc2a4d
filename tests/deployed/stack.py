"""Deploys the templates on the stand-in as `make deploy-aws` does on AWS, and takes them away."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.deployed.front import FRONT_SECRET
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, STAFF_PIN, Campus
from tests.standin.server import REGION, ROOT, StandIn

TOOL = ROOT / "tools" / "deploy_aws.py"
STACK = "quadrangle"
PREFIX = "campus-"
PARAMETERS = {
    "Prefix": PREFIX,
    "AdminEmail": ADMIN_EMAIL,
    "MailFrom": "Campus <mail@campus.example>",
    "MailIdentity": "campus.example",
    "FrontSecret": FRONT_SECRET,
    "RateLimits": "off",
    "SignUp": "open",
}


class Stack:
    """The installation `campus`, on a stand-in that enforces rights."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self._answers = folder / "answers.json"
        key, secret = standin.credentials
        self._environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": standin.url,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": REGION,
            "SAM_CLI_TELEMETRY": "0",
            "HOME": str(folder),
        }

    def deploy(self, public_url: str) -> str:
        """Deploy, or deploy again; return what was printed."""
        answers = {**PARAMETERS, "PublicUrl": public_url}
        self._answers.write_text(json.dumps(answers))
        return self._tool("deploy")

    def check_audit(self) -> tuple[int, str]:
        """Do what `make check-audit-aws` does; return its exit code and what it prints."""
        done = self._run("check-audit")
        return done.returncode, done.stdout + done.stderr

    def _tool(self, action: str, typed: str = "") -> str:
        """Run what `make deploy-aws` and `make remove-aws` run."""
        done = self._run(action, typed)
        printed = done.stdout + done.stderr
        if done.returncode != 0:
            raise RuntimeError(printed[-6000:])
        return printed

    def _run(self, action: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, TOOL, action, "--answers", self._answers],
            cwd=ROOT,
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def outputs(self) -> dict[str, str]:
        found = self.standin.client("cloudformation").describe_stacks(StackName=STACK)
        return {o["OutputKey"]: o["OutputValue"] for o in found["Stacks"][0]["Outputs"]}

    def forget_tries(self) -> None:
        """Forget who tried wrong secrets: all tests come from one address, and share its limits."""
        client, table = self.standin.client("dynamodb"), f"{PREFIX}Accounts"
        for page in client.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                if item["key"]["S"].startswith("tally#"):
                    client.delete_item(
                        TableName=table, Key={"key": item["key"], "part": item["part"]}
                    )

    def api(self) -> str:
        """Return where the stand-in has the stage."""
        return f"{self.standin.url}/_aws/execute-api/{self.outputs()['ApiId']}/prod"

    def take_over(self, campus: Campus, printed: str) -> None:
        """Give the installation the tests' own password and PIN, signing in as it was told."""
        made = re.search(r"Admin sign-in: (\S+)  password: (\S+)", printed)
        assert made, printed[-3000:]
        email, password = made.groups()
        token = campus.sign_in(email, password)
        passwords = {"currentPassword": password, "newPassword": ADMIN_PASSWORD}
        changed = campus.call("PUT", "/api/accounts/me/password", passwords, token=token)
        assert changed.status == 204, changed.body
        token = campus.sign_in()
        changed = campus.call("PUT", "/api/accounts/pin", {"pin": STAFF_PIN}, token=token)
        assert changed.status in (200, 204), changed.body

    def sent_mails(self) -> list[dict[str, Any]]:
        """Return what SES was given, oldest first."""
        with urllib.request.urlopen(f"{self.standin.url}/_ministack/ses/messages") as answer:
            boxes = json.load(answer)["messages"]
        return [mail for box in boxes.values() for mail in box]

    def remove(self) -> None:
        """Take everything away, data too."""
        self._tool("remove", f"{PREFIX}\n")

    def buckets(self) -> list[str]:
        names = [b["Name"] for b in self.standin.client("s3").list_buckets()["Buckets"]]
        return [name for name in names if name.startswith(PREFIX)]

    def leftovers(self) -> list[str]:
        """Return the names of all that an installation makes and that is there now."""
        client = self.standin.client
        found = [*client("dynamodb").list_tables()["TableNames"]]
        found += [f["FunctionName"] for f in client("lambda").list_functions()["Functions"]]
        found += client("sqs").list_queues().get("QueueUrls", [])
        found += [g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]]
        found += [s["Name"] for s in client("secretsmanager").list_secrets()["SecretList"]]
        found += [r["RoleName"] for r in client("iam").list_roles()["Roles"]]
        found += [a["name"] for a in client("apigateway").get_rest_apis()["items"]]
        found += [g["Name"] for g in client("scheduler").list_schedule_groups()["ScheduleGroups"]]
        found += [a["AlarmName"] for a in client("cloudwatch").describe_alarms()["MetricAlarms"]]
        boards = client("cloudwatch").list_dashboards()["DashboardEntries"]
        found += [each["DashboardName"] for each in boards]
        found += [r["Name"] for r in client("events").list_rules()["Rules"]]
        found += [t["TopicArn"] for t in client("sns").list_topics()["Topics"]]
        found += [k["name"] for k in client("apigateway").get_api_keys()["items"]]
        found += [p["name"] for p in client("apigateway").get_usage_plans()["items"]]
        pools = client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        found += [pool["Name"] for pool in pools]
        found += self.buckets()
        found += _of_cloudfront(client("cloudfront"))
        named = [name for name in found if re.search(rf"\b{re.escape(PREFIX)}", name)]
        return [*named, *_keys_in_use(client("kms"))]


def _of_cloudfront(cloudfront: Any) -> list[str]:
    """Return the names of what CloudFront has; distributions are named by their comments."""

    def listed(kind: str, **options: str) -> list[dict[str, Any]]:
        answer = getattr(cloudfront, f"list_{kind}")(**options)
        (content,) = (value for name, value in answer.items() if name.endswith("List"))
        return content.get("Items", [])

    found = [each["Comment"] for each in listed("distributions")]
    for kind in ("public_keys", "origin_access_controls", "functions"):
        found += [each["Name"] for each in listed(kind)]
    found += [each["KeyGroup"]["KeyGroupConfig"]["Name"] for each in listed("key_groups")]
    for kind, name in (
        ("cache_policies", "CachePolicy"),
        ("response_headers_policies", "ResponseHeadersPolicy"),
    ):
        policies = [each[name] for each in listed(kind, Type="custom")]
        found += [each[f"{name}Config"]["Name"] for each in policies]
    return found


def _keys_in_use(kms: Any) -> list[str]:
    """Return the keys that are not to be deleted: nothing but an installation makes any here."""
    keys = [kms.describe_key(KeyId=k["KeyId"])["KeyMetadata"] for k in kms.list_keys()["Keys"]]
    return [
        key["Arn"]
        for key in keys
        if key["KeyManager"] == "CUSTOMER" and key["KeyState"] != "PendingDeletion"
    ]
