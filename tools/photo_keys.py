"""Makes and replaces the keys that sign addresses of photos: `photo_keys.py ACTION PREFIX`.

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


def parameters(client: Any, prefix: str) -> dict[str, str]:
    """Return what deploy/aws/template.yaml is to know of the keys; the first one is made now.

    `client` is one of Secrets Manager, here and below.
    """
    secret = _read(client, prefix) or _create(client, prefix)
    halves = {key.slot: public_half(key).replace("\n", ",") for key in secret.keys}
    return {
        "PhotoKeys": secret.arn,
        "PhotoPublicKeyA": halves.get("a", NONE),
        "PhotoPublicKeyB": halves.get("b", NONE),
    }


def change(client: Any, action: str, prefix: str) -> list[FrontKey]:
    """Do `action` and return the keys after it. Raises SystemExit when it is not its turn."""
    secret = _read(client, prefix)
    if secret is None:
        raise SystemExit(f"There are no keys of an installation {prefix} here.")
    keys = _replaced(action, secret.keys)
    client.put_secret_value(SecretId=_name(prefix), SecretString=encode_front_keys(keys))
    return keys


def delete(client: Any, prefix: str) -> None:
    """Delete the keys at once, so that the prefix can be used again."""
    if _read(client, prefix) is not None:
        client.delete_secret(SecretId=_name(prefix), ForceDeleteWithoutRecovery=True)


def _replaced(action: str, keys: list[FrontKey]) -> list[FrontKey]:
    if action == "add":
        if len(keys) != 1:
            raise SystemExit("There are two keys already: drop the old one first.")
        return [*keys, make_key("b" if keys[0].slot == "a" else "a")]
    if len(keys) != 2:
        raise SystemExit("There is only one key: add the new one first.")
    return keys[::-1] if action == "use" else keys[:1]


def _name(prefix: str) -> str:
    return f"{prefix}PhotoKeys"


def _read(client: Any, prefix: str) -> Secret | None:
    try:
        found = client.get_secret_value(SecretId=_name(prefix))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
    return Secret(found["ARN"], decode_front_keys(found["SecretString"]))


def _create(client: Any, prefix: str) -> Secret:
    keys = [make_key("a")]
    made = client.create_secret(
        Name=_name(prefix),
        Description="The private keys that sign addresses of photos. The first one signs.",
        SecretString=encode_front_keys(keys),
    )
    return Secret(made["ARN"], keys)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("action", choices=["add", "use", "drop"])
    parser.add_argument("prefix", help="what the names of the installation begin with")
    wanted = parser.parse_args()
    keys = change(boto3.client("secretsmanager"), wanted.action, wanted.prefix)
    waiting = f"; the one in slot {keys[1].slot} is accepted too" if len(keys) > 1 else ""
    print(f"The key in slot {keys[0].slot} signs{waiting}.")


if __name__ == "__main__":
    main()
