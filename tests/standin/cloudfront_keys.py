"""Public keys and groups of them in templates, which the stand-in's CloudFront has and its
CloudFormation does not. Imported by launcher.py in the stand-in's own Python.

As on AWS, a key never changes, and none is deleted that a group has.
"""

from typing import Any

from ministack.services import cloudfront
from ministack.services.cloudformation import provisioners

Props = dict[str, Any]
_keys, _groups = cloudfront._public_keys, cloudfront._key_groups


def _create_key(logical_id: str, props: Props, stack_name: str) -> tuple[str, Props]:
    config = {"Comment": "", **props["PublicKeyConfig"]}
    for each in _keys.values():
        if any(each["Config"][field] == config[field] for field in ("Name", "CallerReference")):
            raise ValueError("A public key with this name or reference exists already.")
    record = {"Id": cloudfront._pk_id(), "CreatedTime": cloudfront._now_iso()}
    _keys[record["Id"]] = {**record, "ETag": cloudfront.new_uuid(), "Config": config}
    return record["Id"], record


def _update_key(key_id: str, old: Props, new: Props, stack_name: str) -> tuple[str, Props]:
    if old != new:
        raise ValueError("Only the comment of a public key can be changed.")
    return key_id, {"Id": key_id}


def _delete_key(key_id: str, props: Props) -> None:
    if cloudfront._public_keys_using(key_id):
        raise ValueError("The public key is attached to one or more key groups.")
    _keys.pop(key_id, None)


def _create_group(logical_id: str, props: Props, stack_name: str) -> tuple[str, Props]:
    group_id = cloudfront._kg_id()
    _groups[group_id] = {"Id": group_id, "Config": {}}
    return _update_group(group_id, {}, props, stack_name)


def _update_group(group_id: str, old: Props, new: Props, stack_name: str) -> tuple[str, Props]:
    config = {"Comment": "", **new["KeyGroupConfig"]}
    if not config["Items"] or any(item not in _keys for item in config["Items"]):
        raise ValueError("A key group must contain public keys, and they must exist.")
    changed = {"LastModifiedTime": cloudfront._now_iso(), "Config": config}
    _groups[group_id] |= {"ETag": cloudfront.new_uuid(), **changed}
    return group_id, {"Id": group_id}


def _delete_group(group_id: str, props: Props) -> None:
    _groups.pop(group_id, None)


def take_keys_of_cloudfront() -> None:
    """Leaning on it: everything deployed with deploy/aws/shared.yaml, photos above all."""
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::CloudFront::PublicKey"] = {
        "create": _create_key,
        "update": _update_key,
        "delete": _delete_key,
    }
    handlers["AWS::CloudFront::KeyGroup"] = {
        "create": _create_group,
        "update": _update_group,
        "delete": _delete_group,
    }
