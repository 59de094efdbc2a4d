"""`make test-aws`: deploys on the stand-in, looks from outside, visits with a browser, removes.

Everything given after the command is handed to pytest for the tests of this folder.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from quadrangle.accounts.tokens.identity_ports import callback_path
from quadrangle.hosts.shared.outside_issuer import ISSUER_ID
from tests.cloudflare_api import CloudflareApi, cloudflare_running
from tests.deployed import desktops
from tests.deployed.desktops import desktops_running
from tests.deployed.front import Front
from tests.deployed.front_files import PATTERNS, FrontFiles
from tests.deployed.stack import POSTGRES, PREFIX, Stack
from tests.http.outside.provider import Provider
from tests.running import Campus
from tests.standin.server import PYTHON, REGION, ROOT, StandIn
from tools import find_python

# Journeys that look at what is one machine's alone: photos sent to the server.
NOT_ON_AWS = "not photo_uploads"


def main(arguments: list[str]) -> int:
    """Return 0 when all of it went well."""
    # ended like by Ctrl-C, so that the stand-in ends too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="quadrangle-aws-") as name:
        folder = Path(name)
        network = f"127.{random.randint(1, 250)}.{random.randint(0, 250)}"
        standin, front = StandIn(folder, auth=True, network=network).start(), Front()
        provider = Provider(front.base + callback_path(ISSUER_ID))
        try:
            # tests that need it say that it is missing
            iss = provider.start().iss if provider.is_installed() else ""
            with cloudflare_running() as cloudflare, desktops_running(standin, folder):
                return _run(Stack(standin, folder), front, iss, cloudflare, arguments)
        finally:
            provider.stop()
            standin.stop()


def _run(
    stack: Stack, front: Front, iss: str, cloudflare: CloudflareApi, arguments: list[str]
) -> int:
    standin = stack.standin
    printed = stack.deploy(front.base, iss, desktops.prepare(standin, cloudflare.token))
    stack.let_in(stack.new_pool_client("timetable"))
    desktops.lead_to(standin, PREFIX, cloudflare.url)
    distribution = stack.outputs()["Distribution"]
    files = [FrontFiles(standin, distribution, pattern) for pattern in PATTERNS]
    front.start(stack.api(), standin.url, [each for each in files if each.is_there])
    standin.client("ses").verify_domain_identity(Domain="campus.example")
    stack.take_over(Campus(front.base), printed)
    environment = {
        **os.environ,
        "QUADRANGLE_TEST_URL": front.base,
        "QUADRANGLE_TEST_STANDIN": standin.url,
        "QUADRANGLE_TEST_ISSUER": iss,
        "QUADRANGLE_TEST_FOLDER": str(stack.folder),
        "QUADRANGLE_TEST_CLOUDFLARE": cloudflare.url,
        "QUADRANGLE_TEST_VIDEOS": "yes" if POSTGRES else "",
        "AWS_DEFAULT_REGION": REGION,
    }
    print(f"deployed at {front.base}; {_functions_python()}", flush=True)
    pytest = [sys.executable, "-m", "pytest"]
    tests = subprocess.run(
        [*pytest, "tests/deployed", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode
    if arguments:
        return tests
    stack.forget_tries()
    visits = subprocess.run(
        [*pytest, "tests/journeys", "-k", NOT_ON_AWS], cwd=ROOT, env=environment, check=False
    ).returncode
    return max(tests, visits, _end(stack))


def _functions_python() -> str:
    version = find_python.version_of(PYTHON)
    if version == find_python.LAMBDA_VERSION:
        return f"functions run by Python {version}, as on Lambda"
    wanted = find_python.LAMBDA_VERSION
    return f"functions run by Python {version}, as this machine has no {wanted}, which Lambda has"


def _end(stack: Stack) -> int:
    """Remove the installation and tell what is left of it."""
    stack.remove()
    left = stack.leftovers()
    print("\n".join(f"left behind: {name}" for name in left) or "removed, and nothing is left")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
