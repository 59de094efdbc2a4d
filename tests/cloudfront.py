"""Signed addresses as CloudFront checks them: those with a canned policy.

Written from the Developer Guide ("Create a signed URL using a canned policy") and apart from what
signs, so that a mistake there shows here.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SIGNED_BY = ("Expires", "Signature", "Key-Pair-Id")
_REPLACED = str.maketrans("-_~", "+=/")


def is_allowed(url: str, group: Mapping[str, str], now: float) -> bool:
    """Tell whether CloudFront answers `url`, of which `group` has the keys in PEM by their ids;
    `now` is in seconds since 1970."""
    resource, given = _taken_apart(url)
    if sorted(given) != sorted(SIGNED_BY) or given["Key-Pair-Id"] not in group:
        return False
    until = given["Expires"]
    if not until.isascii() or not until.isdigit() or int(until) <= now:
        return False
    policy = (
        f'{{"Statement":[{{"Resource":"{resource}",'
        f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{until}}}}}}}]}}'
    )
    return _is_signed(policy, given["Signature"], group[given["Key-Pair-Id"]])


COOKIES = ("CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id")


def is_let_in(url: str, cookies: Mapping[str, str], group: Mapping[str, str], now: float) -> bool:
    """The same of an address asked for with cookies of a custom policy, of one statement
    ("Set signed cookies using a custom policy")."""
    policy, signature, key_id = (cookies.get(name, "") for name in COOKIES)
    if key_id not in group:
        return False
    try:
        text = base64.b64decode(policy.translate(_REPLACED), validate=True).decode()
        (statement,) = json.loads(text)["Statement"]
        (until,) = statement["Condition"]["DateLessThan"].values()
    except (ValueError, KeyError, binascii.Error):
        return False
    allowed = fnmatchcase(url, statement["Resource"]) and until > now
    return allowed and _is_signed(text, signature, group[key_id])


def _taken_apart(url: str) -> tuple[str, dict[str, str]]:
    """Return the address that is signed, and the parameters that sign it, each given once."""
    parts = urlsplit(url)
    pairs = [pair.partition("=")[::2] for pair in parts.query.split("&") if pair]
    rest = "&".join(f"{name}={value}" for name, value in pairs if name not in SIGNED_BY)
    signed = [pair for pair in pairs if pair[0] in SIGNED_BY]
    given = dict(signed) if len(dict(signed)) == len(signed) else {}
    return parts._replace(query=rest, fragment="").geturl(), given


def _is_signed(policy: str, signature: str, public: str) -> bool:
    key = load_pem_public_key(public.encode())
    assert isinstance(key, RSAPublicKey)
    try:
        sent = base64.b64decode(signature.translate(_REPLACED), validate=True)
        key.verify(sent, policy.encode(), PKCS1v15(), SHA1())
    except (binascii.Error, InvalidSignature):
        return False
    return True
