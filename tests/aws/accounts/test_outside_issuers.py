"""Whose tokens functions believe, by what the template told them."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from quadrangle.accounts.tokens.issuers import Subject
from quadrangle.aws.accounts.user_pool import UserPool
from quadrangle.hosts.lambdas.accounts import outside_issuers
from quadrangle.hosts.lambdas.accounts.outside_issuers import OutsideIssuers
from quadrangle.hosts.lambdas.base.environment import read_environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.errors import NotSignedIn, Unavailable
from quadrangle.portable.tokens.token_verifier import TokenVerifier
from tests.http.outside.fake import KID, FakeIssuer, public_jwk, signed

POOL = "eu-central-1_AbCdEf"
ISS = f"https://cognito-idp.eu-central-1.amazonaws.com/{POOL}"
KEYS = f"/{POOL}/.well-known/jwks.json"
OIDC = {
    "QUADRANGLE_OIDC_ISSUER": "https://sso.campus.example",
    "QUADRANGLE_OIDC_CLIENT_ID": "quadrangle",
    "QUADRANGLE_PUBLIC_URL": "https://campus.example",
}


def issuers(**told: str) -> OutsideIssuers:
    """Return those of a function; names of variables go without their beginning."""
    variables = {f"QUADRANGLE_{name.upper()}": value for name, value in told.items()}
    return OutsideIssuers(FunctionParts(read_environment({"QUADRANGLE_PREFIX": "t-", **variables})))


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeIssuer]:
    """Something that has the keys of the pool where Cognito has them."""
    fake = FakeIssuer().start()
    fake.answers = {KEYS: lambda _: {"keys": [public_jwk()]}}
    client = SimpleNamespace(meta=SimpleNamespace(endpoint_url=fake.iss))
    monkeypatch.setattr(outside_issuers, "user_pool", lambda _: UserPool(client, POOL, ""))
    yield fake
    fake.stop()


@pytest.fixture
def verifier(cognito: FakeIssuer) -> TokenVerifier:
    """Checks tokens as a function does that takes those of two clients."""
    believed = issuers(user_pool=POOL, pool_clients="timetable, library").believed()
    return TokenVerifier(believed, SystemClock())


def claims(**changed: Any) -> dict[str, Any]:
    """Return what an access token of Cognito says."""
    now = int(time.time())
    said = {
        "iss": ISS,
        "sub": "a-sub-of-cognito",
        "username": "an-account",
        "client_id": "timetable",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "iat": now,
        "exp": now + 900,
    }
    return {name: value for name, value in (said | changed).items() if value is not None}


def test_nobody_else_is_believed_unless_told():
    assert issuers().believed() == []
    assert issuers().sign_in == ()
    assert issuers(user_pool=POOL).believed() == []
    assert issuers(user_pool=POOL, pool_clients="").believed() == []


def test_no_client_is_let_in_by_an_empty_name(cognito: FakeIssuer):
    (pool,) = issuers(user_pool=POOL, pool_clients="timetable,, ").believed()
    assert pool.audiences == {"timetable"}


async def test_access_tokens_of_clients_that_are_let_in_are_taken(
    verifier: TokenVerifier, cognito: FakeIssuer
):
    for client in ("timetable", "library"):
        verified = await verifier.verify(signed(claims(client_id=client)))
        assert (verified.subject, verified.issuer.subject) == ("an-account", Subject.ACCOUNT)
    assert cognito.asked == [KEYS]


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "functions"},
        {"client_id": None},
        {"client_id": None, "aud": "timetable"},
        {"token_use": "id"},
        {"token_use": None},
        {"username": None},
        {"iss": ISS + "x"},
        {"exp": 1},
    ],
    ids=str,
)
async def test_other_tokens_of_the_pool_are_refused(verifier: TokenVerifier, changed: Any):
    with pytest.raises(NotSignedIn):
        await verifier.verify(signed(claims(**changed)))


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "HS256", "none"])
async def test_forged_ones_are_refused(verifier: TokenVerifier, algorithm: str):
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = {"none": None, "HS256": b"x" * 32}.get(algorithm, another)
    forged = jwt.encode(claims(), key, algorithm=algorithm, headers={"kid": KID})
    with pytest.raises(NotSignedIn):
        await verifier.verify(forged)


async def test_without_the_keys_of_the_pool_nobody_can_tell(
    verifier: TokenVerifier, cognito: FakeIssuer
):
    cognito.answers = {}
    with pytest.raises(Unavailable):
        await verifier.verify(signed(claims()))


def test_an_issuer_is_offered_and_believed_by_what_names_us():
    made = OutsideIssuers(FunctionParts(read_environment({"QUADRANGLE_PREFIX": "t-", **OIDC})))
    (offered,) = made.sign_in
    assert (offered.issuer_id, offered.name) == ("campus", "campus account")
    assert offered.sign_up is False
    (believed,) = made.believed()
    assert believed.iss == OIDC["QUADRANGLE_OIDC_ISSUER"]
    assert believed.audiences == {OIDC["QUADRANGLE_PUBLIC_URL"]}
    assert believed.subject is Subject.LINKED


@pytest.mark.parametrize(
    "wrong",
    [
        {"QUADRANGLE_OIDC_CLIENT_ID": ""},
        {"QUADRANGLE_OIDC_ISSUER": ""},
        {"QUADRANGLE_OIDC_ISSUER": "http://sso.campus.example"},
        {"QUADRANGLE_OIDC_ISSUER": "https://sso.campus.example?x"},
        {"QUADRANGLE_OIDC_ISSUER": OIDC["QUADRANGLE_PUBLIC_URL"]},
    ],
    ids=str,
)
def test_an_issuer_that_is_not_safe_ends_the_start(wrong: dict[str, str]):
    with pytest.raises(ValueError, match="QUADRANGLE_OIDC_ISSUER"):
        read_environment({"QUADRANGLE_PREFIX": "t-", **OIDC, **wrong})
