"""What deploying has to do for videos besides the templates: the package of their workers, which
machines fetch from the bucket when they start."""

import io
import zipfile
from pathlib import Path

import boto3

from tools import database_ca

PACKAGE = Path(__file__).parents[1] / "dist" / "worker"
FUNCTIONS = PACKAGE.parent / "lambda" / "videos"
KEY = "worker/worker.zip"


def require_certificates() -> None:
    """Raise SystemExit where the packages do not know the database that the stack makes."""
    for package in (PACKAGE, FUNCTIONS):
        if not (package / database_ca.NAME).exists():
            raise SystemExit(database_ca.MISSING)


def put_worker(bucket: str) -> None:
    """Put what `make worker` has built where machines find it. Raises SystemExit without it."""
    if not PACKAGE.is_dir():
        raise SystemExit("The package of workers is missing: `make worker` builds it.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PACKAGE.rglob("*")):
            archive.write(file, file.relative_to(PACKAGE))
    boto3.client("s3").put_object(Bucket=bucket, Key=KEY, Body=packed.getvalue())


def unprotect(database: str) -> None:
    """Let a database of videos be deleted."""
    boto3.client("rds").modify_db_instance(
        DBInstanceIdentifier=database, DeletionProtection=False, ApplyImmediately=True
    )
