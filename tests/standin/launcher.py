"""Starts the stand-in for AWS (ministack) with its gaps closed. Run by the stand-in's own Python.

Which tests lean on which patch is said at each.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from cloudfront_keys import take_keys_of_cloudfront
from machine_rights import authorize_machines_as_ec2_does
from machines import keep_machines_as_ec2_does
from mail_rights import authorize_mails_as_ses_does
from ministack.app import main
from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway_v1, secretsmanager
from ministack.services.cloudformation import engine, provisioners
from quotas import answer_for_quotas
from schedule_rights import authorize_schedules_by_group


def keep_versions_of_secrets() -> None:
    """Refuse to write another value over a version of a secret, and leave one that was made
    without a value without, both as AWS does.

    PutSecretValue with the token of a version that exists: "If a version with this value already
    exists and the version of the SecretString and SecretBinary values are different from those in
    the request, then the request fails". Leaning on it:
    tests/contracts/accounts/test_signing_keys.py.
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


def import_whole_descriptions() -> None:
    """Take from an API's OpenAPI body also methods that are ANY, answers of the gateway's own,
    models and request validators, which are left out otherwise.

    Leaning on it: everything that goes through the REST API of deploy/aws/api.yaml.
    """
    import_rest_api = apigateway_v1._import_rest_api

    def import_all(spec: dict[str, Any], base_data: Any = None) -> str:
        for item in spec.get("paths", {}).values():
            if "x-amazon-apigateway-any-method" in item:
                item["any"] = item["x-amazon-apigateway-any-method"]
        api_id: str = import_rest_api(spec, base_data)
        answers = spec.get("x-amazon-apigateway-gateway-responses", {})
        for kind, answer in answers.items():
            apigateway_v1._put_gateway_response(api_id, kind, answer)
        for name, schema in spec.get("components", {}).get("schemas", {}).items():
            model = {"name": name, "schema": json.dumps(schema)}
            apigateway_v1._create_model(api_id, model)
        _add_validators(api_id, spec)
        return api_id

    apigateway_v1._OPENAPI_HTTP_METHODS = apigateway_v1._OPENAPI_HTTP_METHODS | {"any"}
    apigateway_v1._import_rest_api = import_all


def _add_validators(api_id: str, spec: dict[str, Any]) -> None:
    ids: dict[str, str] = {}
    for name, rules in spec.get("x-amazon-apigateway-request-validators", {}).items():
        _, _, body = apigateway_v1._create_request_validator(api_id, {"name": name, **rules})
        ids[name] = json.loads(body)["id"]
    for resource in apigateway_v1._resources[api_id].values():
        item = spec.get("paths", {}).get(resource["path"], {})
        for method, operation in item.items():
            if not isinstance(operation, dict) or "requestBody" not in operation:
                continue
            schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            known = resource["resourceMethods"][method.upper()]
            known["requestModels"] = {"application/json": schema.rpartition("/")[2]}
            known["requestValidatorId"] = ids.get(
                operation.get("x-amazon-apigateway-request-validator", "")
            )


def authorize_batches_of_messages() -> None:
    """Ask for the right to a call when it is made for several messages at once, as SQS does: there
    is no right to SendMessageBatch and its like.

    Leaning on it: everything that reacts, when rights are enforced (AUTH=true).
    """
    extract = iam_actions.extract_iam_action

    def extract_without_batch(service: str, *rest: Any, **more: Any) -> Any:
        action = extract(service, *rest, **more)
        if service == "sqs" and isinstance(action, str):
            return action.removesuffix("Batch")
        return action

    iam_actions.extract_iam_action = extract_without_batch


def take_saved_queries() -> None:
    """Take saved queries of logs (AWS::Logs::QueryDefinition), a kind of resource that the stand-in
    does not know and refuses whole stacks for. Nobody can run them here.

    Leaning on it: everything deployed with deploy/aws/monitoring.yaml, in its own test
    (tests/aws/deploy/test_watch_stacks.py) and as a part of template.yaml.
    """
    _take(
        "AWS::Logs::QueryDefinition", lambda props: props.get("Name") and props.get("QueryString")
    )


def keep_attributes_in_nested_stacks() -> None:
    """Keep what can be asked of a resource (Fn::GetAtt) where an update leaves it as it is: in a
    nested stack that is forgotten, and what refers to it refused.

    Leaning on it: everything deployed with deploy/aws/template.yaml, as a first deployment is
    followed by an update that protects the tables.
    """
    provision, update = provisioners._provision_resource, provisioners._update_resource
    known: dict[tuple[str, str], dict[str, Any]] = {}

    def provision_and_keep(kind: str, *rest: Any, **more: Any) -> tuple[str, dict[str, Any]]:
        name, attributes = provision(kind, *rest, **more)
        known[kind, name] = attributes
        return name, attributes

    def update_and_keep(
        kind: str, name: str, *rest: Any, old_attrs: Any = None
    ) -> tuple[str, dict[str, Any]]:
        had = old_attrs or known.get((kind, name))
        now, attributes = update(kind, name, *rest, old_attrs=had)
        known[kind, now] = attributes
        return now, attributes

    provisioners._provision_resource = provision_and_keep
    provisioners._update_resource = update_and_keep


def take_sampling_rules() -> None:
    """Take rules of X-Ray that say which requests are traced, of which there is none here.

    Leaning on it: everything deployed with deploy/aws/api.yaml.
    """

    def is_one(props: dict[str, Any]) -> bool:
        rule = props.get("SamplingRule", {})
        return 1 <= len(rule.get("RuleName", "")) <= 32 and 0 <= float(rule["FixedRate"]) <= 1

    _take("AWS::XRay::SamplingRule", is_one)


def _take(kind: str, is_one: Callable[[dict[str, Any]], Any]) -> None:
    """Take resources of a kind that nothing comes of here, and refuse what cannot be one."""

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict]:
        if not is_one(props):
            raise ValueError(f"{logical_id} is no {kind}.")
        return f"{stack_name}-{logical_id}", {}

    def update(
        physical_id: str, old_props: dict[str, Any], new_props: dict[str, Any], stack_name: str
    ) -> tuple[str, dict]:
        create(physical_id, new_props, stack_name)
        return physical_id, {}

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        """There is nothing to delete."""

    handlers = {"create": create, "update": update, "delete": delete}
    provisioners._RESOURCE_HANDLERS[kind] = handlers


def take_sums_in_alarms() -> None:
    """Take alarms over a sum of figures (Metrics), which the stand-in refuses in templates, for
    alarms over the first of them.

    Leaning on it: everything deployed with deploy/aws/monitoring.yaml.
    """
    record = provisioners._cw_metric_alarm_record

    def record_of_first(name: str, props: dict[str, Any]) -> Any:
        first = next(
            (m["MetricStat"] for m in props.get("Metrics") or [] if "MetricStat" in m), None
        )
        if first is None:
            return record(name, props)
        rest = {key: value for key, value in props.items() if key != "Metrics"}
        figure = {"Period": first["Period"], "Statistic": first["Stat"], **first["Metric"]}
        return record(name, {**rest, **figure})

    provisioners._cw_metric_alarm_record = record_of_first


def pass_for_encrypted() -> None:
    """Take every connection for an encrypted one: bucket policies refuse the others, and the
    stand-in speaks plain HTTP on loopback only.

    Leaning on it: photos, when rights are enforced (AUTH=true). That the policies refuse plain
    connections is read from the template (tests/aws).
    """
    value_of = iam_evaluator._resolve_condition_key

    def value_or_encrypted(key: str, *rest: Any, **more: Any) -> Any:
        if key.lower() == "aws:securetransport":
            return "true"
        return value_of(key, *rest, **more)

    iam_evaluator._resolve_condition_key = value_or_encrypted


def run() -> None:
    """Serve until SIGTERM."""
    take_sums_in_alarms()
    take_saved_queries()
    keep_attributes_in_nested_stacks()
    take_sampling_rules()
    take_keys_of_cloudfront()
    keep_machines_as_ec2_does()
    authorize_machines_as_ec2_does()
    answer_for_quotas()
    authorize_schedules_by_group()
    keep_versions_of_secrets()
    expand_nested_templates()
    import_whole_descriptions()
    authorize_batches_of_messages()
    authorize_mails_as_ses_does()
    pass_for_encrypted()
    main()


if __name__ == "__main__":
    run()
