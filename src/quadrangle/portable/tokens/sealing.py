"""Seals texts with AES-256-GCM, by a key in a file that only its owner can read, or by those that
sign tokens."""

import base64
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from quadrangle.accounts.tokens.signing_keys import CurrentKeys, SigningKey

_NONCE_BYTES = 12
KEY_BYTES = 32


class AesSealer:
    """Implements accounts.credential_ports.Sealer. `key` has KEY_BYTES bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, context: str) -> str:
        """Return `text` sealed, in base64url; another sealing of it looks different."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), context.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, context: str) -> str:
        """Return the text. Raises ValueError for anything not sealed by this key and context."""
        data = base64.b64decode(sealed.encode("ascii"), altchars=b"-_", validate=True)
        try:
            opened = self._cipher.decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], context.encode()
            )
        except InvalidTag:
            raise ValueError("This was not sealed by this key for this context.") from None
        return opened.decode()


def new_key() -> bytes:
    """Return a random key."""
    return os.urandom(KEY_BYTES)


class SigningKeySealer:
    """Implements accounts.credential_ports.Sealer by keys derived from those that sign tokens.

    For what lives some minutes, as a sign-in at an outside issuer: the keys change, and all
    processes, also on AWS, have them. All methods also raise what `keys` raises.
    """

    def __init__(self, keys: CurrentKeys) -> None:
        self._keys = keys

    def seal(self, text: str, context: str) -> str:
        return AesSealer(_derived(self._keys()[0])).seal(text, context)

    def open(self, sealed: str, context: str) -> str:
        for key in self._keys():
            try:
                return AesSealer(_derived(key)).open(sealed, context)
            except ValueError:
                continue
        raise ValueError("This was not sealed by these keys for this context.")


def _derived(key: SigningKey) -> bytes:
    hkdf = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"quadrangle sealing")
    return hkdf.derive(key.private.private_bytes_raw())
