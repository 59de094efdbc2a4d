"""Deploys Quadrangle to AWS: `make deploy-aws`, and `make remove-aws` takes it away again.

`make check-audit-aws` has the audit checked there, as happens daily; `make dispatch-aws` has
changes since an instant sent to reactions again.

Asks for what it must know, and remembers the answers in deploy/aws/answers.json, which only its
owner can read and git ignores. Region and credentials are those of the environment, as every AWS
tool finds them.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import available_timezones

import boto3
from botocore.config import Config

from quadrangle.kernel.clock import SystemClock, to_text
from tools import (
    aws_removal,
    aws_stack,
    gateway_logs,
    oidc_secret,
    photo_keys,
    restore_aws,
    videos_on_aws,
    waf_aws,
)
from tools.release import release_of

ROOT = Path(__file__).parents[1]
ANSWERS = ROOT / "deploy" / "aws" / "answers.json"
SAM = ROOT / ".venv-deploy" / "bin" / "sam"
# Parameters that every deployment finds by itself.
MADE = {
    "PublicUrl",
    "Protected",
    "PhotoKeys",
    "PhotoPublicKeyA",
    "PhotoPublicKeyB",
    "OidcSecretArn",
    "Release",
    "WebAclArn",
}
MADE |= {"VideoFrontKeys", "VideoPublicKeyA", "VideoPublicKeyB"}
# Parameters that paths of the API depend on. CloudFormation changes the API with them, while its
# stage goes on to answer by what was deployed before.
PATHS_FOLLOW = ("Videos",)
LOG_DAYS = 7  # as the template has it
FIRST_FAILED = (
    "The first deployment failed; above is what AWS says. `make remove-aws` takes away what is "
    "left of it. Then deploy again."
)
UNRESERVED = 100  # containers that AWS leaves to functions that reserve none
RESERVED_BESIDES = 3  # by the functions about videos that answer no requests
WAITED_AT_MOST = timedelta(days=1)  # a change for its reaction
LONGEST_CHECK_S = 900  # what deploy/aws/audit.yaml gives the check


class Question(NamedTuple):
    """A parameter of deploy/aws/template.yaml that people are asked for, unless it is `of` another
    that is empty."""

    name: str
    text: str
    default: str
    of: str = ""


QUESTIONS = (
    Question("Prefix", "What names begin with (small letters, ending in a dash)", "campus-"),
    Question("AdminEmail", "Address of the first administrator", ""),
    Question("MailIdentity", "Domain or address of the sender, verified in SES", ""),
    Question("MailFrom", "Sender of mails, e.g. Campus <campus@example.edu>", ""),
    Question("SignUp", "Who may sign up: open, domains, invitation or closed", "invitation"),
    Question("SignUpDomains", "For domains: which, with commas between", ""),
    Question("TwoFactor", "Second factor: optional, or staff for staff and admins", "optional"),
    Question(
        "OidcIssuer", "Single sign-on: address of the OpenID Connect issuer (empty: none)", ""
    ),
    Question("OidcClientId", "What this installation is called at the issuer", "", of="OidcIssuer"),
    Question(
        "OidcName", "What its button says after “Sign in with”", "campus account", of="OidcIssuer"
    ),
    Question(
        "OidcSignUp", "New people it signs in get accounts: on or off", "off", of="OidcIssuer"
    ),
    Question(
        "PoolClients", "Clients of the user pool whose tokens the API takes (empty: none)", ""
    ),
    Question("Videos", "Videos, with a database that costs by the hour: yes or no", "no"),
    Question("TimeZone", "The campus's time zone, e.g. Europe/Amsterdam (empty: none)", ""),
    Question("AlarmEmail", "Who is told of alarms (empty: nobody)", ""),
    Question("DomainName", "Your own domain for the pages (empty: CloudFront's)", ""),
    Question("CertificateArn", "Its certificate in us-east-1 (empty without a domain)", ""),
    Question("HostedZoneId", "Its Route 53 zone (empty: DNS is elsewhere)", ""),
    Question("StatusCacheSeconds", "Seconds a look-up may be cached (0: none)", "0"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy_aws", description=__doc__)
    parser.add_argument("action", choices=["deploy", "remove", "check-audit", "dispatch"])
    parser.add_argument("--since", default="", help="dispatch: an instant, 2026-11-21T09:30:00Z")
    parser.add_argument("--answers", type=Path, default=ANSWERS, help="ask nothing that it answers")
    options = parser.parse_args()
    answers = _load(options.answers)
    if options.action == "check-audit":
        return check_audit(outputs(stack_of(answers))["AuditCheck"])
    if options.action == "dispatch":
        since = to_text(restore_aws.instant_of(options.since))
        return dispatch_again(outputs(stack_of(answers))["Dispatch"], since)
    if options.action == "remove":
        return remove(answers)
    if not answers:
        answers = ask(input, deployed)
        _keep_secret(answers)
        _save(options.answers, answers)
    return deploy(answers)


def deployed(prefix: str) -> dict[str, str]:
    """Return what an installation was deployed with before, {} for a new one."""
    client = boto3.client("cloudformation")
    return aws_stack.parameters(client, aws_stack.name_of(client, prefix))


def ask(
    answer_to: Callable[[str], str], known: Callable[[str], Mapping[str, str]]
) -> dict[str, str]:
    """Return the parameters, each asked for by `answer_to(text)`: what is answered by nothing stays
    as `known(prefix)` says that it was deployed."""
    answers: dict[str, str] = {}
    before: Mapping[str, str] = {}
    for question in QUESTIONS:
        if question.of and not answers[question.of]:
            continue
        usual = before.get(question.name, question.default)
        default = f" [{usual}]" if usual else ""
        said = answer_to(f"{question.text}{default}: ").strip()
        answers[question.name] = said or usual
        if question.name == "Prefix":
            before = known(answers["Prefix"])
            kept = {each.name for each in QUESTIONS} | {"FrontSecret"}
            answers |= {k: v for k, v in before.items() if k not in kept and k not in MADE}
    answers["FrontSecret"] = secrets.token_urlsafe(32)
    return answers


def _keep_secret(answers: Mapping[str, str]) -> None:
    """Ask for the client secret at the issuer, if there is one, and keep it in AWS alone."""
    if answers["OidcIssuer"] and (secret := oidc_secret.asked_for()):
        oidc_secret.put(boto3.client("secretsmanager"), answers["Prefix"], secret)


def deploy(answers: Mapping[str, str]) -> int:
    """Deploy, put the pages in place, and say once how to get in."""
    require_possible(answers)
    limits = boto3.client("lambda").get_account_settings()["AccountLimit"]
    if said := require_room(answers, limits["ConcurrentExecutions"]):
        print(said)
    kept, prefix = boto3.client("secretsmanager"), answers["Prefix"]
    keys, secret = photo_keys.parameters(kept, prefix), oidc_secret.parameters(kept, prefix)
    if answers.get("Videos") == "yes":
        keys |= photo_keys.parameters(kept, prefix, photo_keys.VIDEOS)
    stack, front = stack_of(answers), boto3.client("cloudformation", region_name=waf_aws.REGION)
    requests = waf_aws.requests_of(answers)
    acl = {"WebAclArn": waf_aws.put(front, prefix, requests)} if requests else {}
    with queues_followed(stack):
        told = {"Protected": "true", "WebAclArn": "", **answers, **keys, **secret, **acl}
        known = deploy_stack(stack, told)
    if not requests:
        waf_aws.remove(front, prefix)
    found = outputs(stack)
    aws_removal.protect(stack, True)
    days = int(aws_stack.parameters(boto3.client("cloudformation"), stack).get("LogDays", LOG_DAYS))
    gateway_logs.keep(boto3.client("logs"), found["ApiId"], days)
    upload = [sys.executable, "tools/upload_pages.py", found["PagesBucket"], found["Distribution"]]
    upload += ["--videos"] if "VideosBucket" in found else []
    subprocess.run(upload, cwd=ROOT, check=True)
    if "VideosBucket" in found:
        videos_on_aws.put_worker(found["VideosBucket"])
        if answers.get("VideoSpeechLanguage"):
            videos_on_aws.put_captions(found["VideosBucket"])
        prepare(found["VideoTend"])
    made = prepare(found["Setup"])
    print(f"Quadrangle runs at {known}")
    if made["password"]:
        print(f"  Admin sign-in: {made['email']}  password: {made['password']}")
    if made["pin"]:
        print(f"  Staff PIN:     {made['pin']}")
    if made["password"] or made["pin"]:
        print("  Shown this once. Change the password under Account, the PIN under Settings.")
    return 0


@contextmanager
def queues_followed(stack: str) -> Iterator[None]:
    """Have changes sent again where a deployment takes queues away.

    Their functions worked them off until then; what was tried again, or had its minute to wait, is
    lost with them. A day is far more than that takes, and nothing is done twice by it.
    """
    client, since = boto3.client("cloudformation"), to_text(SystemClock().now() - WAITED_AT_MOST)
    before = aws_stack.queues(client, stack)
    yield
    if before - aws_stack.queues(client, stack):
        print("Queues went away: what may have waited in them is sent to their reactions again.")
        dispatch_again(outputs(stack)["Dispatch"], since)


def deploy_stack(stack: str, parameters: Mapping[str, str]) -> str:
    """Deploy the template, twice where something of it is known only then; return where the pages
    are. Raises SystemExit where a first deployment failed.

    Tables that are protected would refuse to be rolled back, so a first one protects none until it
    has succeeded.
    """
    client = boto3.client("cloudformation")
    deployed = aws_stack.is_deployed(client, stack)
    before = aws_stack.parameters(client, stack) if deployed else {}
    domain = parameters.get("DomainName", "")
    known = parameters.get("PublicUrl") or (f"https://{domain}" if domain else "")
    # left out while it is not known: what CloudFront gave when this was deployed before goes on
    given = {**parameters, **({"PublicUrl": known} if known else {})}
    present = {**parameters, "PublicUrl": known or before.get("PublicUrl", "")}
    given["Release"] = release_of(present)
    try:
        sam_deploy(stack, given if deployed else {**given, "Protected": "false"})
    except subprocess.CalledProcessError as error:
        if deployed:
            raise
        raise SystemExit(FIRST_FAILED) from error
    if not (known and deployed):
        known = known or outputs(stack)["PagesUrl"]  # CloudFront's own name is known only now
        final = {**parameters, "PublicUrl": known}
        sam_deploy(stack, {**final, "Release": release_of(final)})
    if deployed and any(before.get(name) != parameters.get(name) for name in PATHS_FOLLOW):
        publish(outputs(stack)["ApiId"])
    return known


def publish(api_id: str) -> None:
    """Have the stage answer by the paths that the API has now."""
    boto3.client("apigateway").create_deployment(restApiId=api_id, stageName=gateway_logs.STAGE)


def require_possible(answers: Mapping[str, str]) -> None:
    """Raise SystemExit for what would fail or mislead only after a long while."""
    if answers.get("Videos") == "yes" and not answers.get("VideoDatabaseUrl"):
        videos_on_aws.require_certificates()
    if answers.get("Videos") == "yes" and answers.get("VideoSpeechLanguage"):
        videos_on_aws.require_captions()
    waf_aws.requests_of(answers)
    zone = answers.get("TimeZone", "")
    if zone and zone not in available_timezones():
        raise SystemExit(f"TimeZone is {zone}: it takes a name such as Europe/Amsterdam.")


def require_room(answers: Mapping[str, str], at_once: int) -> str:
    """Return what it means that the account may run so many functions at once, "" for nothing.

    Raises SystemExit where AWS would refuse the deployment.
    """
    reserved = int(answers.get("VideoConcurrency") or 20) + RESERVED_BESIDES
    if answers.get("Videos") == "yes" and at_once - reserved < UNRESERVED:
        raise SystemExit(
            f"This account may run {at_once} functions at once. Videos reserve {reserved}, and AWS "
            f"wants {UNRESERVED} left for all others: please ask for more (Service Quotas, Lambda, "
            "Concurrent executions), or deploy without videos."
        )
    if at_once < UNRESERVED:
        return (
            f"This account may run {at_once} functions at once: with more requests than that at a "
            "time, some are refused. Ask for more under Service Quotas, Lambda."
        )
    return ""


def stack_of(answers: Mapping[str, str]) -> str:
    """Return the name of the stack. Raises SystemExit where it is another installation."""
    prefix = answers.get("Prefix", "")
    if not prefix:
        raise SystemExit("There is no deploy/aws/answers.json: nothing was deployed from here.")
    return aws_stack.name_of(boto3.client("cloudformation"), prefix)


def sam_deploy(stack: str, parameters: Mapping[str, str]) -> None:
    """Deploy the template; deploying the same again changes nothing."""
    command: list[str | Path] = [SAM, "deploy", "--template-file", "deploy/aws/template.yaml"]
    command += ["--stack-name", stack, "--resolve-s3", "--no-confirm-changeset"]
    command += ["--no-fail-on-empty-changeset", "--capabilities", "CAPABILITY_IAM"]
    command += ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND", "--parameter-overrides"]
    # also what is empty: it would stay as it was deployed before
    command += [f"{name}={_quoted(value)}" for name, value in parameters.items()]
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _quoted(value: str) -> str:
    """Return a value as sam's --parameter-overrides reads it; only quotes mean something there."""
    return '"' + value.replace('"', '\\"') + '"'


def outputs(stack: str) -> dict[str, str]:
    """Return what the deployed stack tells."""
    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def prepare(function: str) -> dict[str, Any]:
    """Have the installation make its keys, its administrator and its PIN where they are missing."""
    answer = boto3.client("lambda").invoke(FunctionName=function)
    made = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise SystemExit(f"The installation could not be prepared: {made.get('errorMessage')}")
    return made


def check_audit(function: str) -> int:
    """Have the audit checked now and print what was found; 0 when all is in order."""
    # it reads the whole audit: asking again when it takes long would only begin a second one
    patient = Config(read_timeout=LONGEST_CHECK_S, retries={"total_max_attempts": 1})
    answer = boto3.client("lambda", config=patient).invoke(FunctionName=function)
    found = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        print(found.get("errorMessage"))
        print(f"All of it is in the log group /aws/lambda/{function}.")
        return 1
    if found["goesOn"]:
        print(f"In order so far: {found['records']} record(s). The check goes on by itself.")
        print(f"Its end is in the log group /aws/lambda/{function}; an alarm tells of problems.")
        return 0
    print(f"The audit is in order: {found['records']} record(s).")
    return 0


def dispatch_again(function: str, since: str) -> int:
    """Have changes since an instant sent to the queues of reactions once more."""
    client, asked, handed_on = boto3.client("lambda"), {"since": since}, 0
    while True:
        answer = client.invoke(FunctionName=function, Payload=json.dumps(asked).encode())
        said = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            print(said.get("errorMessage"))
            print(f"{handed_on} change(s) were sent before; sending them twice does no harm.")
            return 1
        handed_on += said["changes"]
        if said["behind"] is None:
            print(f"{handed_on} change(s) since {since} were sent to their reactions.")
            return 0
        asked = {"since": since, "behind": said["behind"]}


def remove(answers: Mapping[str, str]) -> int:
    """Delete everything, data too, after the prefix was typed."""
    stack, prefix = stack_of(answers), answers["Prefix"]
    print("This deletes the installation with all reports, photos, accounts and mails, for good.")
    if input(f"Type {prefix} to delete it: ").strip() != prefix:
        print("Nothing was deleted.")
        return 1
    aws_removal.delete(stack, prefix)
    print("Deleted.")
    return 0


def _load(path: Path) -> dict[str, str]:
    return json.loads(path.read_text()) if path.exists() else {}


def _save(path: Path, answers: Mapping[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(dict(answers), file, indent=2)


if __name__ == "__main__":
    sys.exit(main())
