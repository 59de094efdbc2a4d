"""Tokens: which are ours, for how long, and the one key processes agree on."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.accounts.model import Claims
from quadrangle.accounts.tokens.issuers import claims_of
from quadrangle.accounts.tokens.signing_keys import SigningKey
from quadrangle.kernel.clock import ManualClock, SystemClock
from quadrangle.kernel.errors import KeysUnusable, NotSignedIn
from quadrangle.machine.keys.signing_keys import KeyFile
from quadrangle.portable.tokens.tokens import AUDIENCE, JwtTokens
from tests.account_desk import ISSUER

KEY = SigningKey.make()
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def tokens(clock) -> JwtTokens:
    return JwtTokens(lambda: [KEY], ISSUER, clock)


@pytest.fixture
def claims(clock: ManualClock) -> Claims:
    now = int(clock.now().timestamp())
    return Claims("account-1", "staff", "Zoë", 3, "sid", "jti", now, now + 900)


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(token: str) -> list[bytes]:
    return [base64.urlsafe_b64decode(part + "==") for part in token.split(".")]


def payload_of(claims: Claims, **other: object) -> dict[str, object]:
    return {**msgspec.structs.asdict(claims), "iss": ISSUER, "aud": AUDIENCE, **other}


def signed(payload: dict[str, object], key: SigningKey = KEY) -> str:
    return jwt.encode(payload, key.private, algorithm="EdDSA", headers={"kid": key.kid})


def load_or_make(path: Path) -> Sequence[SigningKey]:
    return KeyFile(path, SystemClock()).current()


def said(tokens: JwtTokens, token: str) -> Claims:
    return claims_of(asyncio.run(tokens.verify(token)))


def refused(tokens: JwtTokens, token: str) -> None:
    with pytest.raises(NotSignedIn):
        said(tokens, token)


def test_a_token_says_what_it_was_made_with(tokens, claims):
    assert said(tokens, tokens.issue(claims)) == claims


def test_others_check_our_tokens_with_the_published_keys_alone(tokens, claims):
    token = tokens.issue(claims)
    published = jwt.PyJWKSet.from_dict(tokens.public_keys())
    key = published[jwt.get_unverified_header(token)["kid"]]
    options: jwt.types.Options = {"verify_exp": False, "verify_iat": False}
    payload = jwt.decode(token, key, ["EdDSA"], audience=AUDIENCE, issuer=ISSUER, options=options)
    assert payload == payload_of(claims)
    (jwk,) = tokens.public_keys()["keys"]
    assert set(jwk) == {"kty", "crv", "x", "kid", "use", "alg"}  # and no `d`


def test_a_token_lives_to_its_end_and_a_minute_for_clocks_that_differ(tokens, claims, clock):
    token = tokens.issue(claims)
    clock.advance(timedelta(seconds=900 + 60))
    assert said(tokens, token) == claims
    clock.advance(timedelta(seconds=1))
    refused(tokens, token)


def test_a_token_may_come_from_a_clock_a_minute_ahead_and_no_more(tokens, claims):
    ahead = msgspec.structs.replace(claims, iat=claims.iat + 60)
    assert said(tokens, tokens.issue(ahead)) == ahead
    refused(tokens, tokens.issue(msgspec.structs.replace(claims, iat=claims.iat + 61)))


def test_a_key_that_signs_no_more_is_accepted_still(clock, claims):
    old, new = SigningKey.make(), SigningKey.make()
    both = JwtTokens(lambda: [new, old], ISSUER, clock)
    assert said(both, JwtTokens(lambda: [old], ISSUER, clock).issue(claims)) == claims
    assert jwt.get_unverified_header(both.issue(claims))["kid"] == new.kid


@given(st.integers(0, 10_000), st.integers(0, 63))
def test_a_token_with_any_character_changed_is_refused(position, letter):
    tokens = JwtTokens(lambda: [KEY], ISSUER, ManualClock(NOW))
    now = int(NOW.timestamp())
    token = tokens.issue(Claims("account-1", "staff", "Bo", 1, "sid", "jti", now, now + 900))
    at = position % len(token)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    tampered = token[:at] + letters[letter] + token[at + 1 :]
    if tampered.count(".") == 2 and decoded(tampered) == decoded(token):
        return  # the last character of a part has bits that mean nothing
    refused(tokens, tampered)


def test_an_unsigned_token_is_refused(tokens, claims):
    for algorithm in ("none", "None", "NONE", ""):
        header = {"alg": algorithm, "kid": KEY.kid}
        body = f"{encoded(header)}.{encoded(payload_of(claims))}"
        refused(tokens, f"{body}.")
        refused(tokens, f"{body}.{encoded(b'x' * 64)}")


def test_a_token_signed_with_our_public_key_as_a_shared_secret_is_refused(tokens, claims):
    public = KEY.private.public_key()
    shown = [
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(KEY.public_jwk()).encode(),
    ]
    for secret in shown:
        for kid in (KEY.kid, None):
            header = {"alg": "HS256", "typ": "JWT", **({"kid": kid} if kid else {})}
            body = f"{encoded(header)}.{encoded(payload_of(claims))}"
            mac = hmac.new(secret, body.encode(), hashlib.sha256).digest()
            refused(tokens, f"{body}.{encoded(mac)}")


def test_a_token_of_another_key_is_refused_whatever_name_it_gives(tokens, claims):
    other = SigningKey.make()
    refused(tokens, signed(payload_of(claims), other))
    refused(tokens, signed(payload_of(claims), SigningKey(KEY.kid, other.private)))
    header = {"alg": "EdDSA", "kid": other.kid, "jwk": other.public_jwk()}
    body = f"{encoded(header)}.{encoded(payload_of(claims))}"
    refused(tokens, f"{body}.{encoded(other.private.sign(body.encode()))}")


def test_our_signature_without_our_key_name_is_refused(tokens, claims):
    refused(tokens, jwt.encode(payload_of(claims), KEY.private, algorithm="EdDSA"))


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another service"},
        {"aud": []},
        {"iss": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 10**12 + 0.5},
        {"sub": 7},
        {"epoch": "1"},
        {"sid": None},
    ],
)
def test_a_token_of_ours_for_something_else_is_refused(tokens, claims, other):
    payload = {k: v for k, v in payload_of(claims, **other).items() if v is not None}
    refused(tokens, signed(payload))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "iat", "epoch", "sid", "jti"])
def test_a_token_that_leaves_something_out_is_refused(tokens, claims, missing):
    payload = payload_of(claims)
    del payload[missing]
    refused(tokens, signed(payload))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    st.one_of(
        st.text(),
        st.tuples(st.binary(), st.binary(), st.binary()),
        st.fixed_dictionaries(
            {},
            optional={
                "alg": json_values | st.just("EdDSA"),
                "kid": json_values | st.just(KEY.kid),
                "crit": json_values,
                "b64": json_values,
                "typ": json_values,
            },
        ),
    )
)
def test_whatever_is_sent_as_a_token_is_refused_and_nothing_breaks(sent):
    if isinstance(sent, tuple):
        sent = ".".join(encoded(part) for part in sent)
    elif isinstance(sent, dict):
        sent = f"{encoded(sent)}.{encoded({'sub': 'x'})}.{encoded(b'x' * 64)}"
    refused(JwtTokens(lambda: [KEY], ISSUER, ManualClock(NOW)), sent)


def test_deep_nesting_and_great_length_are_refused(tokens, claims):
    refused(tokens, encoded(b"[" * 3000) + ".e30.AA")
    refused(tokens, tokens.issue(msgspec.structs.replace(claims, name="x" * 100_000)))


# -- the file of keys ---------------------------------------------------------------------------


def test_a_key_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "keys" / "signing.json"
    (made,) = load_or_make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    (again,) = load_or_make(path)
    assert again.public_jwk() == made.public_jwk()
    assert [p.name for p in path.parent.iterdir()] == ["signing.json"]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    path = tmp_path / "keys" / "signing.json"
    program = (
        "import pathlib, sys\n"
        "from quadrangle.kernel.clock import SystemClock\n"
        "from quadrangle.machine.keys.signing_keys import KeyFile\n"
        "sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.read()\n"
        "print(KeyFile(pathlib.Path(sys.argv[1]), SystemClock()).current()[0].kid)\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None
    kids = {child.communicate()[0].strip() for child in children}
    assert kids == {load_or_make(path)[0].kid}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_others_can_reach_is_not_used(tmp_path, mode):
    path = tmp_path / "keys" / "signing.json"
    load_or_make(path)
    os.chmod(path, mode)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        load_or_make(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"keys": []}',
        b'{"keys": [{"kid": "a", "kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}]}',
        b'{"keys": [{"kid": "a", "kty": "oct", "crv": "", "x": "", "d": "AA"}]}',
    ],
)
def test_a_damaged_file_is_not_used_and_not_replaced(tmp_path, content):
    path = tmp_path / "keys" / "signing.json"
    load_or_make(path)
    path.write_bytes(content)
    with pytest.raises(KeysUnusable):
        load_or_make(path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(KeysUnusable, match="keys"):
        load_or_make(tmp_path / "keys" / "signing.json")
