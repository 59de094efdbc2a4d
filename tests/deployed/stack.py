"""Deploys the templates on the stand-in as `make deploy-aws` does on AWS, and takes them away."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.deployed.front import FRONT_SECRET
from tests.http.outside.provider import CLIENT_ID, CLIENT_SECRET
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, STAFF_PIN, Campus
from tests.standin.functions import tell, variables_of
from tests.standin.server import REGION, ROOT, StandIn

TOOLS = ROOT / "tools"
PREFIX = "campus-"
STACK = f"{PREFIX}quadrangle"
LET_IN_LATER = "a-client-there-is-not-yet"
# The stand-in has no PostgreSQL: that of `make test-aws` is the database of videos.
POSTGRES = os.environ.get("QUADRANGLE_TEST_POSTGRES", "")
POOL_CLIENTS = "QUADRANGLE_POOL_CLIENTS"
PARAMETERS = {
    "Prefix": PREFIX,
    "AdminEmail": ADMIN_EMAIL,
    "MailFrom": "Campus <mail@campus.example>",
    "MailIdentity": "campus.example",
    "FrontSecret": FRONT_SECRET,
    "RateLimits": "off",
    "SignUp": "open",
    "PoolClients": LET_IN_LATER,
    **({"Videos": "yes", "VideoDatabaseUrl": POSTGRES} if POSTGRES else {}),
}


class Stack:
    """The installation `campus`, on a stand-in that enforces rights."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self.folder = folder
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

    def deploy(self, public_url: str, iss: str, desktops: Mapping[str, str]) -> str:
        """Deploy and return what was printed; `iss` is an outside issuer, empty for none, and
        `desktops` are the parameters that say what there is for them."""
        answers = {**PARAMETERS, **desktops, "PublicUrl": public_url}
        if iss:
            self._run_tool("oidc_secret", "set", PREFIX, typed=f"{CLIENT_SECRET}\n")
            answers |= {"OidcIssuer": iss, "OidcClientId": CLIENT_ID, "OidcSignUp": "on"}
        self._answers.write_text(json.dumps(answers))
        return self.deploy_again()

    def check_audit(self) -> tuple[int, str]:
        """Do what `make check-audit-aws` does; return its exit code and what it prints."""
        done = self._run("deploy_aws", "check-audit", "--answers", self._answers)
        return done.returncode, done.stdout + done.stderr

    def deploy_again(self) -> str:
        """Deploy with the answers that were kept; return what was printed."""
        return self._deploy_tool("deploy")

    def _deploy_tool(self, action: str, typed: str = "") -> str:
        """Run what `make deploy-aws` and `make remove-aws` run."""
        return self._run_tool("deploy_aws", action, "--answers", self._answers, typed=typed)

    def _run_tool(self, tool: str, *arguments: str | Path, typed: str = "") -> str:
        done = self._run(tool, *arguments, typed=typed)
        printed = done.stdout + done.stderr
        if done.returncode != 0:
            raise RuntimeError(printed[-6000:])
        return printed

    def _run(
        self, tool: str, *arguments: str | Path, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", f"tools.{tool}", *arguments],
            cwd=ROOT,
            env=self._environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    def pool(self) -> str:
        """Return the id of the installation's user pool."""
        pools = self.standin.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        (found,) = [pool["Id"] for pool in pools if pool["Name"].startswith(PREFIX)]
        return found

    def new_pool_client(self, name: str) -> str:
        """Return the id of a new client of the pool, as another program of the campus has."""
        made = self.standin.client("cognito-idp").create_user_pool_client(
            UserPoolId=self.pool(),
            ClientName=name,
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        )
        return made["UserPoolClient"]["ClientId"]

    def let_in(self, pool_client: str) -> None:
        """Have the API take access tokens of a client of the pool.

        Clients are made in a pool that is deployed, and named with the next deployment. The
        stand-in cannot roll on nested stacks with another parameter, so here the functions that
        the template told of the first value are told of the next one.
        """
        functions, told = self.standin.client("lambda"), []
        for function in functions.list_functions()["Functions"]:
            variables = function.get("Environment", {}).get("Variables", {})
            if variables.get(POOL_CLIENTS) == LET_IN_LATER:
                told.append(function["FunctionName"])
                tell(functions, told[-1], {**variables, POOL_CLIENTS: pool_client})
        assert len(told) == (5 if POSTGRES else 4), told

    def pool_client(self) -> str:
        """Return the client that was let in."""
        functions = self.standin.client("lambda")
        return variables_of(functions, f"{PREFIX}accounts-http")[POOL_CLIENTS]

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
        self._deploy_tool("remove", f"{PREFIX}\n")

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
        # these are called by the API's id alone
        found += [f"{PREFIX}{name}" for name in found if name.startswith("API-Gateway-")]
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
        templates = client("ec2").describe_launch_templates()["LaunchTemplates"]
        found += [each["LaunchTemplateName"] for each in templates]
        pools = client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
        found += [pool["Name"] for pool in pools]
        groups = client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        found += [each["AutoScalingGroupName"] for each in groups]
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
