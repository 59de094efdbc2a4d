"""Starts the real provider and signs people in at it."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tests.running import free_port

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("provider.mjs")
CLIENT_ID, CLIENT_SECRET = "quadrangle", "a-secret-of-the-tests"
TIMETABLE, TIMETABLE_SECRET = "timetable", "another-secret-of-the-tests"
TIMETABLE_ADDRESS = "http://127.0.0.1/timetable"


class Provider:
    """`oidc-provider` in a process of its own, which knows us at `redirect_uri`."""

    def __init__(self, redirect_uri: str, host: str = "127.0.0.1", port: int | None = None) -> None:
        self.port = port or free_port()
        self.iss = f"http://{host}:{self.port}"
        self._redirect_uri = redirect_uri
        self._host = host
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> "Provider":
        node = shutil.which("node")
        if node is None or not (ROOT / "node_modules/oidc-provider").is_dir():
            pytest.skip("no oidc-provider: Node.js is needed to install it (make web)")
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(self.port), self._redirect_uri, self._host],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()


async def sign_in_at(address: str, person: str, *, act: str = "sign-in") -> str:
    """Go through the provider's pages as a browser does; return where it sends us back to.

    `address` is where we sent the browser; `act` may be `cancel`.
    """
    async with httpx.AsyncClient() as browser:
        response = await browser.get(address)
        while True:
            assert response.status_code in (302, 303), response.text
            target = urljoin(str(response.url), response.headers["location"])
            if not re.match(r"http://[^/]+/(auth|interaction)/", target):
                return target
            response = await browser.get(target)
            if response.status_code == 200:
                form = {"person": person, "act": act}
                response = await browser.post(target, data=form)
