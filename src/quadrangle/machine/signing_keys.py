"""The keys that sign our tokens, in one file that only its owner can read."""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from jwt.exceptions import InvalidKeyError


class KeysUnusable(Exception):
    """The file of signing keys cannot be used; the message says why."""


class SigningKey(msgspec.Struct, frozen=True):
    """An Ed25519 key pair; `kid` is its name in tokens and in the published set."""

    kid: str
    private: Ed25519PrivateKey

    @classmethod
    def make(cls) -> Self:
        return cls(secrets.token_urlsafe(12), Ed25519PrivateKey.generate())

    def public_jwk(self) -> dict[str, Any]:
        """Return the public half as a JSON Web Key."""
        jwk = OKPAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "kid": self.kid, "use": "sig", "alg": "EdDSA"}


class _Jwk(msgspec.Struct):
    kid: str
    kty: str
    crv: str
    x: str
    d: str


class _JwkSet(msgspec.Struct):
    keys: list[_Jwk]


def load_or_make(path: Path) -> list[SigningKey]:
    """Return the keys in `path`, made now when there are none; the first one signs.

    Processes that start at once agree: the folder is locked meanwhile. Raises KeysUnusable for a
    file that others may read or that is damaged.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(path.parent):
            if not path.exists():
                _write(path, [SigningKey.make()])
        return _read(path)
    except OSError as error:
        raise KeysUnusable(
            f"The signing keys in {path} cannot be used: {error.strerror}."
        ) from error


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel lets go of it when its holder dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, keys: list[SigningKey]) -> None:
    """Write the file whole or not at all, on disk before anyone signs with it."""
    content = msgspec.json.encode({"keys": [_private_jwk(key) for key in keys]})
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _private_jwk(key: SigningKey) -> dict[str, Any]:
    return {**OKPAlgorithm.to_jwk(key.private, as_dict=True), "kid": key.kid}


def _read(path: Path) -> list[SigningKey]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeysUnusable(f"Others may read the signing keys. Please run: chmod 600 {path}")
    try:
        keys = [_key(jwk) for jwk in msgspec.json.decode(path.read_bytes(), type=_JwkSet).keys]
    except (msgspec.MsgspecError, InvalidKeyError) as error:
        raise KeysUnusable(f"The signing keys in {path} are damaged.") from error
    if not keys:
        raise KeysUnusable(f"There is no signing key in {path}.")
    return keys


def _key(jwk: _Jwk) -> SigningKey:
    private = OKPAlgorithm.from_jwk(msgspec.to_builtins(jwk))
    if not isinstance(private, Ed25519PrivateKey):
        raise InvalidKeyError("not an Ed25519 private key")
    return SigningKey(jwk.kid, private)
