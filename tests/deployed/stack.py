"""Deploys the templates on the stand-in as `make deploy-aws` does on AWS, and takes them away."""

import json
import os
import re
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from tests.deployed.front import FRONT_SECRET
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, STAFF_PIN, Campus
from tests.standin.server import REGION, ROOT, StandIn

SAM = ROOT / ".venv-deploy" / "bin" / "sam"
STACK = "campus"
PREFIX = "campus-"
PARAMETERS = {
    "Prefix": PREFIX,
    "AdminEmail": ADMIN_EMAIL,
    "MailFrom": "Campus <mail@campus.example>",
    "MailIdentity": "campus.example",
    "FrontSecret": FRONT_SECRET,
    "RateLimits": "off",
    "Protected": "false",
}


class Stack:
    """The installation `campus`, on a stand-in that enforces rights."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self._folder = folder
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
        """Deploy, or deploy again; return what sam printed."""
        values = {**PARAMETERS, "PublicUrl": public_url}
        command = [str(SAM), "deploy", "--template-file", "deploy/aws/template.yaml"]
        command += ["--stack-name", STACK, "--resolve-s3", "--no-confirm-changeset"]
        command += ["--no-fail-on-empty-changeset", "--capabilities", "CAPABILITY_IAM"]
        command += ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND", "--parameter-overrides"]
        command += [f"{name}='{value}'" for name, value in values.items()]
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        printed = done.stdout + done.stderr
        if done.returncode != 0:
            raise RuntimeError(printed[-6000:])
        return printed

    def outputs(self) -> dict[str, str]:
        found = self.standin.client("cloudformation").describe_stacks(StackName=STACK)
        return {o["OutputKey"]: o["OutputValue"] for o in found["Stacks"][0]["Outputs"]}

    def api(self) -> str:
        """Return where the stand-in has the stage."""
        return f"{self.standin.url}/_aws/execute-api/{self.outputs()['ApiId']}/prod"

    def prepare(self, campus: Campus) -> None:
        """Do what follows a first deployment, and have the tests' own password and PIN."""
        self.standin.client("ses").verify_domain_identity(Domain="campus.example")
        answer = self.standin.client("lambda").invoke(FunctionName=self.outputs()["Setup"])
        made: dict[str, Any] = json.loads(answer["Payload"].read())
        token = campus.sign_in(made["email"], made["password"])
        passwords = {"currentPassword": made["password"], "newPassword": ADMIN_PASSWORD}
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
        """Delete the stack; buckets are emptied first, as CloudFormation refuses full ones."""
        s3 = self.standin.client("s3")
        for bucket in self.buckets():
            listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
            for each in listed:
                s3.delete_object(Bucket=bucket, Key=each["Key"])
        cloudformation = self.standin.client("cloudformation")
        cloudformation.delete_stack(StackName=STACK)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )

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
        found += self.buckets()
        return [name for name in found if re.search(rf"\b{re.escape(PREFIX)}", name)]
