"""What the tests look at: an installation that `make test-aws` has deployed."""

import os
from pathlib import Path

import pytest

from tests.deployed.stack import Stack
from tests.running import VISITED, Campus
from tests.standin.server import StandIn

STANDIN = os.environ.get("QUADRANGLE_TEST_STANDIN", "")
NOT_DEPLOYED = "nothing is deployed: `make test-aws` deploys on the stand-in for AWS and runs these"


@pytest.fixture(scope="session")
def campus() -> Campus:
    if not STANDIN:
        pytest.skip(NOT_DEPLOYED)
    return Campus(VISITED)


@pytest.fixture(scope="session")
def stack(campus: Campus) -> Stack:
    folder = Path(os.environ["QUADRANGLE_TEST_FOLDER"])
    return Stack(StandIn.at(STANDIN, folder), folder)


@pytest.fixture(scope="session")
def staff(campus: Campus) -> str:
    """The token of an administrator."""
    return campus.sign_in()
