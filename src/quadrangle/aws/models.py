"""How botocore finds and reads what it knows of a service, quicker than by itself.

A container of Lambda does so once, at its start. The source of time was measured: looking through
hundreds of folders for the names of services, and the standard library's JSON.
"""

import gzip
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader, Loader

SERVICES = ("cognito-idp", "dynamodb", "s3", "scheduler", "secretsmanager", "sesv2", "sqs")


class _Files(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        """Return the content of `file_path` with `.json` or `.json.gz`, None when there is none."""
        packed = Path(file_path + ".json.gz")
        if packed.exists():
            return msgspec.json.decode(gzip.decompress(packed.read_bytes()))
        plain = Path(file_path + ".json")
        return msgspec.json.decode(plain.read_bytes()) if plain.exists() else None


class ModelLoader(Loader):
    """Loads the models of SERVICES that come with botocore."""

    def __init__(self) -> None:
        super().__init__(file_loader=_Files())

    def list_available_services(self, type_name: str) -> list[str]:
        return list(SERVICES)
