"""What is deployed can run on Lambda, and is small enough: its size is part of every cold start."""

import io
import subprocess
import zipfile

import pytest

from deploy.aws.inventory.runtime import GLIBC
from tests.standin.server import PYTHON, ROOT
from tools.build_lambda import LEFT_OUT
from tools.glibc import needed

LARGEST = 11_000_000  # bytes of a zip file: the figure of the source system


@pytest.mark.parametrize("name", ["http", "accounts", "meetings", "desktops"])
def test_functions_that_answer_requests_and_make_desktops_have_a_small_package(name: str):
    package, packed = ROOT / "dist" / "lambda" / name, io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in package.rglob("*"):
            archive.write(file, file.relative_to(package))
    assert 1_000_000 < len(packed.getvalue()) <= LARGEST


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
