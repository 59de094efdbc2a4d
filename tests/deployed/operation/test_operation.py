"""Poison, missing rights, limits and deploying again."""

from uuid import uuid4

from quadrangle.aws.jobs.messages import Message, encode
from quadrangle.kernel.clock import SystemClock, to_text
from tests.deployed.roles import without
from tests.deployed.stack import PREFIX, Stack
from tests.running import Campus, wait_for
from tests.standin.functions import tell, variables_of


def test_a_poisoned_message_is_kept_and_runs_when_sent_again(
    campus: Campus, stack: Stack, staff: str
):
    sqs, marker = stack.standin.client("sqs"), uuid4().hex
    queue = sqs.get_queue_url(QueueName=f"{PREFIX}issues-react")["QueueUrl"]
    poison = Message("reaction:issues.project", {"marker": marker}, to_text(SystemClock().now()))
    sqs.send_message(QueueUrl=queue, MessageBody=encode(poison))

    def dead() -> list[dict]:
        jobs = campus.call("GET", "/api/jobs/dead", token=staff).json["jobs"]
        return [job for job in jobs if job["payload"].get("marker") == marker]

    (first,) = wait_for(dead, "the dead letter", 60)
    assert first["lastError"] == "The payload of this job is not a change."
    path = f"/api/jobs/dead/{first['jobId']}/requeue"
    assert campus.call("POST", path, token=staff).status == 202
    # it has run again, and its end is a new one
    (second,) = wait_for(
        lambda: [job for job in dead() if job["failedAt"] > first["failedAt"]], "its second end", 60
    )
    assert campus.call("DELETE", f"/api/jobs/dead/{second['jobId']}", token=staff).status == 204
    assert dead() == []


def test_a_function_without_a_right_is_refused_and_saves_nothing(
    campus: Campus, stack: Stack, staff: str
):
    word = f"zq{uuid4().hex}"
    report = {"issueType": "Network", "location": word, "description": "x"}
    with without(stack, "issues-http", "dynamodb:PutItem", f":table/{PREFIX}Changes"):
        refused = campus.call("POST", "/report-issue", report)
        assert refused.status == 503
        assert "retry-after" in refused.headers
        assert "arn:" not in refused.body.decode()
    listed = campus.call("GET", f"/get-all-issues?location={word}", token=staff)
    assert listed.json["issues"] == []
    assert campus.call("POST", "/report-issue", report).status == 200


def test_reports_of_one_address_are_limited(campus: Campus, stack: Stack):
    functions, name = stack.standin.client("lambda"), f"{PREFIX}issues-http"
    settings = variables_of(functions, name)
    limited = {
        **settings,
        "QUADRANGLE_RATE_LIMITS": "on",
        "QUADRANGLE_REPORT_BURST": "2",
        "QUADRANGLE_REPORTS_PER_HOUR": "3",
    }
    try:
        tell(functions, name, limited)
        body = {"issueType": "Network", "location": "Library", "description": "again"}
        answers = [campus.call("POST", "/report-issue", body) for _ in range(4)]
    finally:
        tell(functions, name, settings)
    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_machines_need_a_key_and_have_what_their_plan_allows(campus: Campus, stack: Stack):
    gateway, machine = stack.standin.client("apigateway"), Campus(stack.api() + "/machine")
    keys = gateway.get_api_keys(includeValues=True)["items"]
    values = {key["name"]: key["value"] for key in keys}
    issue_id = campus.report()
    look_up = f"/issue-status/{issue_id}"
    assert machine.call("GET", look_up).status == 403
    large = machine.call("GET", look_up, headers={"X-Api-Key": values[f"{PREFIX}large"]})
    assert (large.status, large.json["issueId"]) == (200, issue_id)
    small = {"X-Api-Key": values[f"{PREFIX}small"]}
    answers = [machine.call("GET", look_up, headers=small) for _ in range(40)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) > 0
    assert refused[0].json["message"].startswith("Too many requests.")
    # others are not held up by it
    assert campus.call("GET", look_up).status == 200


def test_keys_of_our_own_open_what_their_scopes_say_at_every_function(campus: Campus, staff: str):
    wanted = {"name": "Sensors", "scopes": ["issues:read"], "plan": "basic"}
    made = campus.call("POST", "/api/accounts/api-keys", wanted, token=staff)
    assert made.status == 201, made.body
    key = {"X-Api-Key": made.json["key"]}
    listed = campus.call("GET", "/get-all-issues", headers=key)
    assert listed.status == 200, listed.body
    for path in ("/api/issues/statistics", "/api/mail/outbox", "/api/accounts/people"):
        assert campus.call("GET", path, headers=key).status == 403, path
    keys = campus.call("GET", "/api/accounts/api-keys", token=staff).json["apiKeys"]
    wanted_id = made.json["apiKey"]["apiKeyId"]
    assert next(k for k in keys if k["apiKeyId"] == wanted_id)["usedAt"] is not None
    gone = campus.call("DELETE", f"/api/accounts/api-keys/{wanted_id}", token=staff)
    assert gone.status == 204
    assert campus.call("GET", "/get-all-issues", headers=key).status == 401


def test_the_settings_the_gateway_has(stack: Stack):
    """What the stand-in keeps but does not do is at least what we asked for."""
    gateway, api = stack.standin.client("apigateway"), stack.outputs()["ApiId"]
    stage = gateway.get_stage(restApiId=api, stageName="prod")
    every = stage["methodSettings"]["*/*"]
    assert (every["throttlingBurstLimit"], every["throttlingRateLimit"]) == (10000, 5000)
    assert stage["tracingEnabled"] is True
    plans = {plan["name"] for plan in gateway.get_usage_plans()["items"]}
    assert {f"{PREFIX}small", f"{PREFIX}medium", f"{PREFIX}large"} <= plans


def test_deploying_again_changes_nothing(stack: Stack):
    assert "No changes to deploy" in stack.deploy_again()


def test_what_is_looked_for_after_removal_is_there_before(stack: Stack):
    """The check for leftovers sees what an installation makes of CloudFront. There is no key of
    KMS, which would cost by the month."""
    found = stack.leftovers()
    assert f"{PREFIX}pages and API" in found
    # the function, and of CloudFront: key group, access to the origin, caching and headers
    assert found.count(f"{PREFIX}photos") == 5
    assert f"{PREFIX}photos-a" in found
    assert f"{PREFIX}PhotoKeys" in found
    assert not [name for name in found if ":kms:" in name]
