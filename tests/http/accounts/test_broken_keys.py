"""Signing keys that cannot be used, where nobody is at the start of a process: on AWS."""

import secrets
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient
from structlog.testing import CapturingLogger

from quadrangle.accounts.tokens.signing_keys import SigningKey, encode_keys
from quadrangle.aws.accounts.signing_keys import SecretKeys
from quadrangle.hosts.lambdas.accounts.stores import answering
from quadrangle.http.answers import errors
from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.kernel.clock import ManualClock
from quadrangle.portable.tokens.tokens import JwtTokens
from tests.standin.server import StandIn


def test_a_broken_secret_is_a_503_for_people_and_a_cause_in_the_log(
    standin: StandIn, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
):
    client = standin.client("secretsmanager")
    name = f"t{secrets.token_hex(4)}-SigningKeys"
    client.create_secret(Name=name, SecretString="{broken")
    keys = answering(SecretKeys(client, name, clock).current)
    tokens = JwtTokens(keys, "https://campus.example", clock)
    log = CapturingLogger()
    monkeypatch.setattr(errors, "log", log)

    @get("/needs-keys", sync_to_thread=False)
    def needs_keys() -> dict[str, Any]:
        return tokens.public_keys()

    with TestClient(Litestar([needs_keys], exception_handlers=EXCEPTION_HANDLERS)) as browser:
        answer = browser.get("/needs-keys")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["message"].endswith(".")
        assert name not in answer.text
        (line,) = log.calls
        assert line.method_name == "error"
        assert f"The signing keys in the secret {name} are damaged." in line.kwargs["cause"]

        mended = encode_keys([SigningKey.make()]).decode()
        client.put_secret_value(SecretId=name, SecretString=mended)
        assert browser.get("/needs-keys").status_code == 200
