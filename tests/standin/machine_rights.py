"""Asks for rights to machines as EC2 does, by what a launch is made from and what machines bear.

A launch is asked for once, for the instance that it makes; EC2 asks for everything that it takes or
makes. Conditions know the launch template and tags of the request, and the tags of a machine that
is to be ended. Leaning on it: whatever launches or ends machines where rights are enforced
(AUTH=true).
"""

from typing import Any

from ministack.core import iam_actions
from ministack.services import ec2


def authorize_machines_as_ec2_does() -> None:
    resource_of, context_of = iam_actions.extract_resource_arn, iam_actions.request_tag_context

    def resource_or_instance(
        service: str,
        method: str,
        path: str,
        headers: Any,
        body: bytes,
        params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        action = ec2._p(params, "Action") if service == "ec2" else ""
        if action in ("RunInstances", "CreateTags"):
            return f"arn:aws:ec2:{region}:{account_id}:instance/*"
        return resource_of(service, method, path, headers, body, params, region, account_id)

    def context_with_machines(
        service: str, action: str, body: bytes, params: dict[str, Any]
    ) -> dict[str, Any]:
        context = context_of(service, action, body, params)
        if action == "ec2:RunInstances":
            context = {**context, **_of_launch(params)}
        if action == "ec2:TerminateInstances":
            instance_id = ec2._p(params, "InstanceId.1")
            tags = {each["Key"]: each["Value"] for each in ec2._tags.get(instance_id, ())}
            context |= {f"aws:resourcetag/{key.lower()}": value for key, value in tags.items()}
        return context

    iam_actions.extract_resource_arn = resource_or_instance
    iam_actions.request_tag_context = context_with_machines


def _of_launch(params: dict[str, Any]) -> dict[str, Any]:
    template = ec2._p(params, "LaunchTemplate.LaunchTemplateId")
    tags, number = {}, 1
    while key := ec2._p(params, f"TagSpecification.1.Tag.{number}.Key"):
        tags[f"aws:requesttag/{key.lower()}"] = ec2._p(
            params, f"TagSpecification.1.Tag.{number}.Value"
        )
        number += 1
    if not template:
        return tags
    region, account = ec2.get_region(), ec2.get_account_id()
    arn = f"arn:aws:ec2:{region}:{account}:launch-template/{template}"
    return {**tags, "ec2:launchtemplate": arn, "ec2:islaunchtemplateresource": "true"}
