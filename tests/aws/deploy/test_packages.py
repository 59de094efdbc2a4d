"""Each function starts from the modules that its package has, and needs no other."""

import os
import subprocess
import sys

import pytest

from deploy.aws.inventory import INVENTORY
from tests.aws.deploy.test_cold_start import ENVIRONMENT
from tools.build_lambda import LEFT_OUT

PROGRAM = """
import sys
from importlib import import_module

left_out = sys.argv[2].split()


class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if any(name == each or name.startswith(each + ".") for each in left_out):
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, LeftOut())
import_module("quadrangle.hosts.lambdas." + sys.argv[1])
"""
FUNCTIONS = sorted({(each.handler, each.package) for each in INVENTORY.functions})


@pytest.mark.deep  # two seconds each
@pytest.mark.parametrize(("handler", "package"), FUNCTIONS)
def test_a_function_imports_nothing_that_its_package_has_not(handler: str, package: str):
    left_out = [
        f"quadrangle.{each.removesuffix('.py').replace('/', '.')}" for each in LEFT_OUT[package]
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, handler, " ".join(left_out)],
        env={**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ModuleNotFoundError" not in done.stderr, done.stderr
