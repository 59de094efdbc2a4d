"""What deploying has to do for videos besides the templates: the package of their workers, which
machines fetch from the bucket when they start."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import IO

import boto3

from tools import database_ca

PACKAGE = Path(__file__).parents[1] / "dist" / "worker"
FUNCTIONS = PACKAGE.parent / "lambda" / "videos"
CAPTIONS = PACKAGE.parent / "captions"
KEY = "worker/worker.zip"
CAPTIONS_KEY = "worker/captions.zip"


def require_certificates() -> None:
    """Raise SystemExit where the packages do not know the database that the stack makes."""
    for package in (PACKAGE, FUNCTIONS):
        if not (package / database_ca.NAME).exists():
            raise SystemExit(database_ca.MISSING)


def require_captions() -> None:
    """Raise SystemExit where workers would have nothing to hear speech with."""
    if not CAPTIONS.is_dir():
        raise SystemExit("What hears speech is missing: `make worker-captions` builds it.")


def put_worker(bucket: str) -> None:
    """Put what `make worker` has built where machines find it. Raises SystemExit without it."""
    if not PACKAGE.is_dir():
        raise SystemExit("The package of workers is missing: `make worker` builds it.")
    packed = io.BytesIO()
    _pack(PACKAGE, packed)
    boto3.client("s3").put_object(Bucket=bucket, Key=KEY, Body=packed.getvalue())


def put_captions(bucket: str) -> None:
    """Put what `make worker-captions` has built beside it. Raises SystemExit without it."""
    require_captions()
    with tempfile.TemporaryFile() as packed:  # some hundred MB
        _pack(CAPTIONS, packed)
        packed.seek(0)
        boto3.client("s3").upload_fileobj(packed, bucket, CAPTIONS_KEY)


def _pack(folder: Path, packed: IO[bytes]) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))


def unprotect(database: str) -> None:
    """Let a database of videos be deleted."""
    boto3.client("rds").modify_db_instance(
        DBInstanceIdentifier=database, DeletionProtection=False, ApplyImmediately=True
    )
