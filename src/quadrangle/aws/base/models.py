"""How botocore finds and reads what it knows of a service, quicker than by itself.

A container of Lambda does so once, at its start. The source of time was measured: looking through
hundreds of folders for the names of services, the standard library's JSON, and the addresses of
every service there is.
"""

import gzip
from pathlib import Path
from typing import Any, TypedDict

import msgspec
from botocore.loaders import JSONFileLoader, Loader

SERVICES = (
    "autoscaling",
    "cognito-idp",
    "dynamodb",
    "ec2",
    "lambda",
    "s3",
    "scheduler",
    "secretsmanager",
    "service-quotas",
    "sesv2",
    "sqs",
    "ssm",
)


# SERVICES by the names that endpoints.json has for them.
_Services = TypedDict(
    "_Services",
    {
        "autoscaling": Any,
        "cognito-idp": Any,
        "dynamodb": Any,
        "ec2": Any,
        "email": Any,
        "lambda": Any,
        "s3": Any,
        "scheduler": Any,
        "secretsmanager": Any,
        "servicequotas": Any,
        "sqs": Any,
        "ssm": Any,
    },
    total=False,
)


class _Files(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        """Return the content of `file_path` with `.json` or `.json.gz`, None when there is none."""
        packed = Path(file_path + ".json.gz")
        if packed.exists():
            return msgspec.json.decode(gzip.decompress(packed.read_bytes()))
        plain = Path(file_path + ".json")
        if not plain.exists():
            return None
        decode = endpoints if plain.name == "endpoints.json" else msgspec.json.decode
        return decode(plain.read_bytes())


class _Endpoints(msgspec.Struct):
    """The form of botocore's endpoints.json; `partitions` are AWS's, each with its services."""

    version: int
    partitions: list[dict[str, msgspec.Raw]]


def endpoints(content: bytes) -> dict[str, Any]:
    """Return what `content` says, of services only SERVICES.

    The file is 1.2 MB for some 300 services in eight partitions. Those left out are skipped, not
    made into objects: 5 ms instead of 12.
    """
    read = msgspec.json.decode(content, type=_Endpoints)
    return {"version": read.version, "partitions": [_partition(each) for each in read.partitions]}


def _partition(read: dict[str, msgspec.Raw]) -> dict[str, Any]:
    return {
        name: msgspec.json.decode(part, type=_Services if name == "services" else Any)
        for name, part in read.items()
    }


class ModelLoader(Loader):
    """Loads the models of SERVICES that come with botocore."""

    def __init__(self) -> None:
        super().__init__(file_loader=_Files())

    def list_available_services(self, type_name: str) -> list[str]:
        return list(SERVICES)
