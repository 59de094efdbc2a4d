"""Starts the real provider and signs people in at it."""

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import pytest

from tests.running import free_port

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("provider.mjs")
CLIENT_ID, CLIENT_SECRET = "quadrangle", "a-secret-of-the-tests"
TIMETABLE, TIMETABLE_SECRET = "timetable", "another-secret-of-the-tests"
MISSING = "no oidc-provider: Node.js is needed to install it (make web)"
TIMETABLE_ADDRESS = "http://127.0.0.1/timetable"
VERIFIER = "a-verifier-of-the-tests-that-is-long-enough-for-pkce"


class Provider:
    """`oidc-provider` in a process of its own, which knows us at `redirect_uri`."""

    def __init__(self, redirect_uri: str, host: str = "127.0.0.1", port: int | None = None) -> None:
        self.port = port or free_port()
        self.iss = f"http://{host}:{self.port}"
        self._redirect_uri = redirect_uri
        self._host = host
        self._process: subprocess.Popen[str] | None = None

    @staticmethod
    def is_installed() -> bool:
        return bool(shutil.which("node")) and (ROOT / "node_modules/oidc-provider").is_dir()

    def start(self) -> "Provider":
        if not self.is_installed():
            pytest.skip(MISSING)
        self._process = subprocess.Popen(
            ["node", str(SCRIPT), str(self.port), self._redirect_uri, self._host],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def stop(self) -> None:
        if self._process is None:  # it was not installed
            return
        self._process.terminate()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()


async def tokens_of(iss: str, person: str, resource: str) -> dict[str, Any]:
    """Sign in as another program of the campus does; return its tokens for `resource`."""
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": TIMETABLE,
        "redirect_uri": TIMETABLE_ADDRESS,
        "scope": "openid",
        "resource": resource,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    back = await sign_in_at(f"{iss}/auth?{urlencode(asked)}", person)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "redirect_uri": TIMETABLE_ADDRESS,
        "code_verifier": VERIFIER,
    }
    async with httpx.AsyncClient(auth=(TIMETABLE, TIMETABLE_SECRET)) as program:
        answer = await program.post(f"{iss}/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


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
