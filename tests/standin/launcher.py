"""Starts the stand-in for AWS (ministack) with its gaps closed. Run by the stand-in's own Python.

Which tests lean on which patch is said at each.
"""

import json
from contextvars import ContextVar
from typing import Any

from ministack.app import main
from ministack.services import secretsmanager
from ministack.services.cloudformation import engine, provisioners


def keep_versions_of_secrets() -> None:
    """Refuse to write another value over a version of a secret, and leave one that was made
    without a value without, both as AWS does.

    PutSecretValue with the token of a version that exists: "If a version with this value already
    exists and the version of the SecretString and SecretBinary values are different from those in
    the request, then the request fails". Leaning on it: tests/contracts/test_signing_keys.py.
    """
    put, get = secretsmanager._put_secret_value, secretsmanager._get_secret_value

    def put_once(data: dict[str, Any]) -> Any:
        _, secret = secretsmanager._resolve(data.get("SecretId"))
        versions = secret["Versions"] if secret else {}
        known = versions.get(data.get("ClientRequestToken"))
        kinds = ("SecretString", "SecretBinary")
        if known and any(known.get(kind) != data.get(kind) for kind in kinds):
            return secretsmanager.error_response_json(
                "ResourceExistsException", "A version with this token exists already.", 400
            )
        return put(data)

    def get_what_there_is(data: dict[str, Any]) -> Any:
        answer = get(data)
        if answer[0] == 200 and not {"SecretString", "SecretBinary"} & set(json.loads(answer[2])):
            return secretsmanager.error_response_json(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value.",
                400,
            )
        return answer

    secretsmanager._put_secret_value = put_once
    secretsmanager._get_secret_value = get_what_there_is


def expand_nested_templates() -> None:
    """Expand SAM in the templates of nested stacks too, as AWS does with CAPABILITY_AUTO_EXPAND.

    Leaning on it: everything deployed with deploy/aws/template.yaml.
    """
    deploy, parse = provisioners._cfn_nested_stack_deploy, engine._parse_template
    given: ContextVar[list[dict[str, str]] | None] = ContextVar("given", default=None)

    def parse_and_expand(body: str) -> Any:
        template, parameters = parse(body), given.get()
        if parameters is None:
            return template
        return engine._apply_transforms(template, parameters)

    def deploy_expanded(logical_id: str, props: dict[str, Any], parent: str, **rest: Any) -> Any:
        values = props.get("Parameters") or {}
        token = given.set([{"Key": name, "Value": str(value)} for name, value in values.items()])
        try:
            return deploy(logical_id, props, parent, **rest)
        finally:
            given.reset(token)

    engine._parse_template = parse_and_expand
    provisioners._cfn_nested_stack_deploy = deploy_expanded


def run() -> None:
    """Serve until SIGTERM."""
    keep_versions_of_secrets()
    expand_nested_templates()
    main()


if __name__ == "__main__":
    run()
