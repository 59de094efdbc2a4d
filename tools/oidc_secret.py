"""Keeps our client secret at the outside issuer on AWS: `oidc_secret.py ACTION PREFIX`.

| action | |
|---|---|
| `set` | asks for it, or reads it from standard input; functions use it within five minutes |
| `drop` | forgets it, for an issuer that knows us as a public client |

`make deploy-aws` asks for it the first time. Deploy after the first `set` and after `drop`: the
template gets the secret's ARN, and only that.
"""

import argparse
import getpass
import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError


def parameters(client: Any, prefix: str) -> dict[str, str]:
    """Return what deploy/aws/template.yaml is to know of it; `client` is one of Secrets Manager."""
    return {"OidcSecretArn": _arn(client, prefix) or ""}


def put(client: Any, prefix: str, secret: str) -> None:
    """Keep `secret`, in the place of what was there. Raises SystemExit for an empty one."""
    if not secret:
        raise SystemExit("The client secret is empty.")
    if _arn(client, prefix) is not None:
        client.put_secret_value(SecretId=_name(prefix), SecretString=secret)
        return
    client.create_secret(
        Name=_name(prefix),
        Description="What Quadrangle shows the outside issuer to prove that it is itself.",
        SecretString=secret,
    )


def delete(client: Any, prefix: str) -> None:
    """Delete it at once, so that the prefix can be used again."""
    if _arn(client, prefix) is not None:
        client.delete_secret(SecretId=_name(prefix), ForceDeleteWithoutRecovery=True)


def asked_for() -> str:
    """Return what is typed, which the terminal does not show, or the first line that is sent."""
    if sys.stdin.isatty():
        return getpass.getpass("Client secret at the issuer (empty: a public client): ").strip()
    return sys.stdin.readline().strip()


def _name(prefix: str) -> str:
    return f"{prefix}OidcClientSecret"


def _arn(client: Any, prefix: str) -> str | None:
    try:
        found: str = client.describe_secret(SecretId=_name(prefix))["ARN"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("action", choices=["set", "drop"])
    parser.add_argument("prefix", help="what the names of the installation begin with")
    wanted = parser.parse_args()
    client = boto3.client("secretsmanager")
    if wanted.action == "set":
        put(client, wanted.prefix, asked_for())
        print("The client secret is kept. After the first time: make deploy-aws")
    else:
        delete(client, wanted.prefix)
        print("There is no client secret any more. Now: make deploy-aws")


if __name__ == "__main__":
    main()
