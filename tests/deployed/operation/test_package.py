"""What is deployed can run on Lambda, and is small enough: its size is part of every cold start."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deploy.aws.inventory.runtime import GLIBC
from tests.standin.server import PYTHON, ROOT
from tools.build_lambda import LEFT_OUT
from tools.glibc import needed

LARGEST = 11_000_000  # bytes of a zip file: the figure of the source system
# With what talks to PostgreSQL: libpq and SQLAlchemy are 8 MB, which the source has no figure for.
LARGEST_WITH_SQL = 20_000_000
LARGEST_OF_WORKERS = 17_000_000  # each machine fetches it when it starts
WORKER = ROOT / "dist" / "worker"


@pytest.mark.parametrize("name", ["http", "accounts", "meetings", "desktops"])
def test_functions_that_answer_requests_and_make_desktops_have_a_small_package(name: str):
    assert 1_000_000 < zipped(ROOT / "dist" / "lambda" / name) <= LARGEST


def test_functions_about_videos_have_a_package_with_what_they_need_and_little_more():
    assert 1_000_000 < zipped(ROOT / "dist" / "lambda" / "videos") <= LARGEST_WITH_SQL


def test_machines_that_process_videos_fetch_little():
    assert 1_000_000 < zipped(WORKER) <= LARGEST_OF_WORKERS


def zipped(package: Path) -> int:
    """Return the bytes that a package is fetched in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in package.rglob("*"):
            archive.write(file, file.relative_to(package))
    return len(packed.getvalue())


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="Workers run on Debian 12's Python.")
def test_of_libraries_enough_is_left_for_workers():
    """What is left out: other databases, and services of AWS that they do not call."""
    program = (
        "import quadrangle.hosts.workers.videos as videos, boto3\n"
        "from sqlalchemy import create_engine\n"
        "create_engine('postgresql+psycopg://nowhere').dialect.import_dbapi()\n"
        "for name in ('autoscaling', 'dynamodb', 's3', 'secretsmanager', 'sqs'):\n"
        "    boto3.client(name, region_name='eu-central-1')\n"
        "print(videos.__file__, boto3.__file__)"
    )
    command = [sys.executable, "-s", "-S", "-c", program]
    run = subprocess.run(command, cwd=WORKER, capture_output=True, text=True, check=False)
    assert run.stdout.count(str(WORKER)) == 2, run.stderr[-500:]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_the_c_library_of_the_runtime_has_what_binaries_need(name: str):
    """The stand-in runs them on this machine, whose C library is another."""
    found = needed(ROOT / "dist" / "lambda" / name)
    assert found
    assert max(found.values()) <= GLIBC


def test_of_cloudflares_library_enough_is_left_to_write_names():
    folder = ROOT / "dist" / "lambda" / "desktops"
    program = (
        "from quadrangle.aws.desktops.cloudflare import CloudflareRoutes as Routes\n"
        "print(Routes(lambda: 't', 'zone', 'desktops.example')._dns.with_raw_response is not None)"
    )
    command = [PYTHON, "-s", "-c", program]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.stdout == "True\n", run.stderr[-500:]
