"""What is deployed is small enough: the size of a package is part of every cold start."""

import io
import zipfile

import pytest

from tests.standin.server import ROOT

LARGEST = 11_000_000  # bytes of a zip file: the figure of the source system


@pytest.mark.parametrize("name", ["http", "accounts"])
def test_functions_that_answer_requests_have_a_small_package(name: str):
    package, packed = ROOT / "dist" / "lambda" / name, io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in package.rglob("*"):
            archive.write(file, file.relative_to(package))
    assert 1_000_000 < len(packed.getvalue()) <= LARGEST
