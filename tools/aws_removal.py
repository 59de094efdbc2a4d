"""Takes an installation on AWS away: all that its own stack has, and its secrets."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3

from tools import aws_stack, gateway_logs, oidc_secret, photo_keys, videos_on_aws, waf_aws

# Secrets that outlive a stack, without which what was signed or chained cannot be checked.
RETAINED = ("SigningKeys", "AuditKey")


def protect(stack: str, is_protected: bool) -> None:
    """Have AWS refuse, or not, to delete the stack: a mistake takes keys and all data along."""
    boto3.client("cloudformation").update_termination_protection(
        StackName=stack, EnableTerminationProtection=is_protected
    )


def delete(stack: str, prefix: str) -> None:
    """Switch protection off, empty the buckets, delete the stack and its secrets: what the stack
    itself has, as names of another installation may begin with the same prefix."""
    cloudformation, apis = boto3.client("cloudformation"), []
    for kind, name in aws_stack.resources(cloudformation, stack):
        if kind == "AWS::ApiGateway::RestApi":
            apis.append(name)
        if make_deletable := DELETABLE.get(kind):
            make_deletable(name)
    protect(stack, False)
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)
    waf_aws.remove(boto3.client("cloudformation", region_name=waf_aws.REGION), prefix)
    for api_id in apis:  # last: until then it may still be written
        gateway_logs.forget(boto3.client("logs"), api_id)
    secrets_manager = boto3.client("secretsmanager")
    for name in RETAINED:
        _forget(secrets_manager, f"{prefix}{name}")
    photo_keys.delete(secrets_manager, prefix)
    oidc_secret.delete(secrets_manager, prefix)


def _forget(secrets_manager: Any, name: str) -> None:
    """Delete a secret at once, so that the prefix can be used again."""
    try:
        secrets_manager.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    except secrets_manager.exceptions.ResourceNotFoundException:
        return


def _unprotect_table(name: str) -> None:
    boto3.client("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=False)


def _unprotect_pool(name: str) -> None:
    boto3.client("cognito-idp").update_user_pool(UserPoolId=name, DeletionProtection="INACTIVE")


def _empty(name: str) -> None:
    s3: Any = boto3.resource("s3")
    bucket = s3.Bucket(name)
    bucket.object_versions.delete()
    bucket.objects.delete()


# What makes a resource of a kind deletable.
DELETABLE: Mapping[str, Callable[[str], None]] = {
    "AWS::DynamoDB::Table": _unprotect_table,
    "AWS::Cognito::UserPool": _unprotect_pool,
    "AWS::S3::Bucket": _empty,
    "AWS::RDS::DBInstance": videos_on_aws.unprotect,
}
