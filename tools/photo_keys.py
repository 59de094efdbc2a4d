"""Makes and replaces the keys that sign addresses of photos, and passes for films:
`photo_keys.py ACTION PREFIX`, for films with `--of videos`.

| action | |
|---|---|
| `add` | makes a new key, which signs nothing yet; deploy after it |
| `use` | has the new key sign, once CloudFront knows it everywhere |
| `drop` | forgets the old key; deploy after it |

`make deploy-aws` makes the first key. docs/operating/aws.md says how long to wait in between.
"""

import argparse
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from quadrangle.aws.base.front_keys import FrontKey, Slot, decode_front_keys, encode_front_keys

BITS = 2048  # CloudFront takes no other size of RSA key
NONE = "none"  # what the template takes for a slot without a key


class Kind(NamedTuple):
    """What keys sign: the secret they are in, the parameter with its ARN, and those with the
    public halves begin with `halves`."""

    secret: str
    parameter: str
    halves: str


PHOTOS = Kind("PhotoKeys", "PhotoKeys", "PhotoPublicKey")
VIDEOS = Kind("VideoFrontKeys", "VideoFrontKeys", "VideoPublicKey")
KINDS = {"photos": PHOTOS, "videos": VIDEOS}


class Secret(NamedTuple):
    """The secret of an installation, and the keys in it: the one that signs first."""

    arn: str
    keys: list[FrontKey]


def make_key(slot: Slot) -> FrontKey:
    made = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return FrontKey(slot, pem.decode())


def public_half(key: FrontKey) -> str:
    """Return it in PEM, as CloudFront takes it."""
    public = load_pem_private_key(key.private.encode(), None).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def parameters(client: Any, prefix: str, kind: Kind = PHOTOS) -> dict[str, str]:
    """Return what deploy/aws/template.yaml is to know of the keys; the first one is made now.

    `client` is one of Secrets Manager, here and below.
    """
    secret = _read(client, prefix, kind) or _create(client, prefix, kind)
    halves = {key.slot: public_half(key).replace("\n", ",") for key in secret.keys}
    return {
        kind.parameter: secret.arn,
        f"{kind.halves}A": halves.get("a", NONE),
        f"{kind.halves}B": halves.get("b", NONE),
    }


def change(client: Any, action: str, prefix: str, kind: Kind = PHOTOS) -> list[FrontKey]:
    """Do `action` and return the keys after it. Raises SystemExit when it is not its turn."""
    secret = _read(client, prefix, kind)
    if secret is None:
        raise SystemExit(f"There are no keys of an installation {prefix} here.")
    keys = _replaced(action, secret.keys)
    client.put_secret_value(SecretId=_name(prefix, kind), SecretString=encode_front_keys(keys))
    return keys


def delete(client: Any, prefix: str) -> None:
    """Delete the keys of all kinds at once, so that the prefix can be used again."""
    for kind in KINDS.values():
        if _read(client, prefix, kind) is not None:
            client.delete_secret(SecretId=_name(prefix, kind), ForceDeleteWithoutRecovery=True)


def _replaced(action: str, keys: list[FrontKey]) -> list[FrontKey]:
    if action == "add":
        if len(keys) != 1:
            raise SystemExit("There are two keys already: drop the old one first.")
        return [*keys, make_key("b" if keys[0].slot == "a" else "a")]
    if len(keys) != 2:
        raise SystemExit("There is only one key: add the new one first.")
    return keys[::-1] if action == "use" else keys[:1]


def _name(prefix: str, kind: Kind) -> str:
    return f"{prefix}{kind.secret}"


def _read(client: Any, prefix: str, kind: Kind) -> Secret | None:
    try:
        found = client.get_secret_value(SecretId=_name(prefix, kind))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
    return Secret(found["ARN"], decode_front_keys(found["SecretString"]))


def _create(client: Any, prefix: str, kind: Kind) -> Secret:
    keys = [make_key("a")]
    made = client.create_secret(
        Name=_name(prefix, kind),
        Description="The private keys that CloudFront is shown addresses by. The first one signs.",
        SecretString=encode_front_keys(keys),
    )
    return Secret(made["ARN"], keys)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("action", choices=["add", "use", "drop"])
    parser.add_argument("prefix", help="what the names of the installation begin with")
    parser.add_argument("--of", choices=KINDS, default="photos", help="what they sign")
    wanted = parser.parse_args()
    kind = KINDS[wanted.of]
    keys = change(boto3.client("secretsmanager"), wanted.action, wanted.prefix, kind)
    waiting = f"; the one in slot {keys[1].slot} is accepted too" if len(keys) > 1 else ""
    print(f"The key in slot {keys[0].slot} signs{waiting}.")


if __name__ == "__main__":
    main()
