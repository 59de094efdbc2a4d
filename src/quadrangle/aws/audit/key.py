"""The key that chains the audit, in a secret of its own. Deploying makes it; it never changes."""

from typing import Any

from quadrangle.audit.rules import KEY_BYTES
from quadrangle.aws.base.errors import translated
from quadrangle.kernel.errors import KeysUnusable


def read_audit_key(client: Any, secret: str) -> bytes:
    """Return the key in the secret of that name or ARN; `client` is one of Secrets Manager.

    A text of at least KEY_BYTES characters, whose bytes are the key. Raises KeysUnusable for a
    shorter one, Unavailable.
    """
    with translated():
        answer = client.get_secret_value(SecretId=secret)
    key = answer.get("SecretString", "").encode()
    if len(key) < KEY_BYTES:
        raise KeysUnusable(f"The key of the audit in the secret {secret} is damaged.")
    return key
