"""What every place of signing keys does: makes them once, and gives all processes the same."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Protocol

import boto3
import jwt
import pytest
from botocore.config import Config

from quadrangle.accounts.model import Claims
from quadrangle.accounts.tokens.issuers import claims_of
from quadrangle.accounts.tokens.key_rules import ACCEPTED_AFTER, ANNOUNCED, SIGNS
from quadrangle.accounts.tokens.signing_keys import (
    CurrentKeys,
    KeysUnusable,
    SigningKey,
    encode_keys,
)
from quadrangle.aws.accounts.signing_keys import SecretKeys
from quadrangle.aws.base.remembered import STALE_AFTER, TRY_AGAIN_AFTER
from quadrangle.kernel.clock import Clock, ManualClock
from quadrangle.kernel.errors import NotSignedIn, Unavailable
from quadrangle.machine.keys.signing_keys import KeyFile
from quadrangle.portable.tokens.tokens import JwtTokens
from tests.account_desk import ISSUER
from tests.standin.server import REGION, StandIn


class Place(Protocol):
    """Somewhere keys are kept, empty at first."""

    def process(self) -> CurrentKeys:
        """Return the keys as a process that starts now has them."""
        ...

    def keys(self) -> KeyFile | SecretKeys: ...

    def read(self) -> bytes: ...

    def write(self, content: bytes) -> None: ...


class FilePlace:
    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def process(self) -> CurrentKeys:
        return self.keys().current

    def keys(self) -> KeyFile:
        return KeyFile(self._path, self._clock)

    def read(self) -> bytes:
        return self._path.read_bytes()

    def write(self, content: bytes) -> None:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._path.touch(mode=0o600)
        self._path.write_bytes(content)


class SecretPlace:
    def __init__(self, standin: StandIn, clock: Clock) -> None:
        self.client = standin.client("secretsmanager")
        self.clock = clock
        self.name = f"t{secrets.token_hex(4)}-SigningKeys"
        self.client.create_secret(Name=self.name)

    def process(self) -> CurrentKeys:
        return self.keys().current

    def keys(self) -> SecretKeys:
        return SecretKeys(self.client, self.name, self.clock)

    def read(self) -> bytes:
        return self.client.get_secret_value(SecretId=self.name)["SecretString"].encode()

    def write(self, content: bytes) -> None:
        self.client.put_secret_value(SecretId=self.name, SecretString=content.decode())


@pytest.fixture
def secret(standin: StandIn, clock: ManualClock) -> SecretPlace:
    return SecretPlace(standin, clock)


@pytest.fixture(params=["file", "secret"])
def place(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Place:
    if request.param == "secret":
        return request.getfixturevalue("secret")
    return FilePlace(tmp_path / "keys" / "signing.json", clock)


def kids(keys: CurrentKeys) -> list[str]:
    return [key.kid for key in keys()]


def claims(clock: Clock) -> Claims:
    now = int(clock.now().timestamp())
    return Claims("account-1", "staff", "Zoë", 3, "sid", "jti", now, now + 900)


def test_a_key_is_made_once(place: Place):
    made = kids(place.process())
    assert len(made) == 1
    assert kids(place.process()) == made


def test_processes_that_start_at_once_agree_on_one_key(place: Place):
    ready = Barrier(8)

    def start(_: int) -> list[str]:
        ready.wait()
        return kids(place.process())

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(start, range(8)))
    assert found == [kids(place.process())] * 8


def test_each_process_accepts_the_tokens_of_another(place: Place, clock: ManualClock):
    one, other = (JwtTokens(place.process(), ISSUER, clock) for _ in range(2))
    assert claims_of(asyncio.run(other.verify(one.issue(claims(clock))))) == claims(clock)
    assert other.public_keys() == one.public_keys()
    assert "d" not in one.public_keys()["keys"][0]


def test_the_newest_key_that_has_begun_signs_and_all_are_accepted(place: Place, clock: ManualClock):
    old, new = SigningKey.make(1), SigningKey.make(2)
    place.write(encode_keys([old, new]))
    tokens = JwtTokens(place.process(), ISSUER, clock)
    assert jwt.get_unverified_header(tokens.issue(claims(clock)))["kid"] == new.kid
    before = JwtTokens(lambda: [old], ISSUER, clock).issue(claims(clock))
    assert claims_of(asyncio.run(tokens.verify(before))) == claims(clock)
    assert [key["kid"] for key in tokens.public_keys()["keys"]] == [new.kid, old.kid]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{}",
        b'{"keys": []}',
        b'{"keys": [{"kid": "a", "kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}]}',
        b'{"keys": [{"kid": "a", "kty": "oct", "crv": "", "x": "", "d": "AA"}]}',
    ],
)
def test_damaged_keys_are_not_used_and_not_replaced(place: Place, content: bytes):
    place.write(content)
    with pytest.raises(KeysUnusable, match="signing key"):
        place.process()()
    assert place.read() == content


def test_a_key_is_replaced_in_time_and_every_process_sees_it(place: Place, clock: ManualClock):
    running = place.process()
    (first,) = kids(running)
    assert not place.keys().rotate()
    clock.advance(SIGNS - ANNOUNCED)
    assert place.keys().rotate()
    assert not place.keys().rotate()
    clock.advance(STALE_AFTER)  # a container of AWS looks again by then
    assert kids(running)[0] == first
    _, second = kids(running)
    clock.advance(ANNOUNCED)
    assert kids(running) == [second, first]
    clock.advance(ACCEPTED_AFTER)
    assert place.keys().rotate()
    clock.advance(STALE_AFTER)
    assert kids(running) == [second]


def test_those_who_rotate_at_once_agree(place: Place, clock: ManualClock):
    place.process()()
    clock.advance(SIGNS)
    ready = Barrier(4)

    def rotate(_: int) -> bool:
        keys = place.keys()
        ready.wait()
        return keys.rotate()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(rotate, range(4))) == [False, False, False, True]
    assert len(kids(place.process())) == 2


def test_a_leaked_key_is_replaced_at_once(place: Place, clock: ManualClock):
    tokens = JwtTokens(place.process(), ISSUER, clock)
    token = tokens.issue(claims(clock))
    place.keys().replace()
    clock.advance(STALE_AFTER)
    with pytest.raises(NotSignedIn):
        asyncio.run(tokens.verify(token))
    assert claims_of(asyncio.run(tokens.verify(tokens.issue(claims(clock))))) == claims(clock)


# -- what a running container sees of a secret --------------------------------------------------


def test_replaced_keys_are_picked_up_in_time(secret: SecretPlace, clock: ManualClock):
    keys = secret.process()
    before = kids(keys)
    after = SigningKey.make()
    secret.write(encode_keys([after]))
    clock.advance(STALE_AFTER - timedelta(seconds=1))
    assert kids(keys) == before
    clock.advance(timedelta(seconds=1))
    assert kids(keys) == [after.kid]


class Interrupted:
    """A client of Secrets Manager whose every call goes nowhere while it is `away`."""

    def __init__(self, client: Any) -> None:
        self.away = False
        self.calls = 0
        self._client = client
        self._nowhere = boto3.client(
            "secretsmanager",
            endpoint_url="http://127.0.0.1:1",
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self.calls += 1
        return getattr(self._nowhere if self.away else self._client, name)


def test_keys_at_hand_outlive_an_outage(secret: SecretPlace, clock: ManualClock):
    client = Interrupted(secret.client)
    keys = SecretKeys(client, secret.name, clock).current
    before = kids(keys)
    client.away = True
    clock.advance(STALE_AFTER)
    assert kids(keys) == before
    asked = client.calls
    assert kids(keys) == before
    assert client.calls == asked  # not at every token
    client.away = False
    after = SigningKey.make()
    secret.write(encode_keys([after]))
    clock.advance(TRY_AGAIN_AFTER)
    assert kids(keys) == [after.kid]


def test_without_keys_an_outage_is_said(secret: SecretPlace, clock: ManualClock):
    client = Interrupted(secret.client)
    client.away = True
    with pytest.raises(Unavailable):
        SecretKeys(client, secret.name, clock).current()


def test_a_secret_that_nobody_made_is_not_made(standin: StandIn, clock: ManualClock):
    name = f"t{secrets.token_hex(4)}-SigningKeys"
    with pytest.raises(Unavailable):
        SecretKeys(standin.client("secretsmanager"), name, clock).current()
