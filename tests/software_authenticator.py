"""A passkey device for tests: EC P-256 keys, attestation "none", and ways to answer wrongly."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Credential:
    """A key pair the device made for an account of a site."""

    id: bytes
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey
    count: int = 0


@dataclass
class Authenticator:
    """Signs for `origin`, whose passkeys belong to `rp_id`.

    `verifies` is whether it asks for a finger; `counts` whether it counts its signatures.
    """

    origin: str
    rp_id: str
    verifies: bool = True
    counts: bool = True
    credentials: list[Credential] = field(default_factory=list)
    next_id: bytes | None = None  # of the next key, instead of a random one

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer options for navigator.credentials.create, as `toJSON()` would."""
        made = Credential(
            self.next_id or secrets.token_bytes(32),
            base64url_to_bytes(options["user"]["id"]),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.credentials.append(made)
        numbers = made.key.public_key().public_numbers()
        public_key = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        key_data = bytes(16) + len(made.id).to_bytes(2) + made.id + public_key
        data = self._data(made, WITH_KEY) + key_data
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
            "attestationObject": bytes_to_base64url(attestation),
            "transports": ["internal"],
        }
        return self._answer(made, response)

    def get(self, options: dict[str, Any], made: Credential | None = None) -> dict[str, Any]:
        """Answer options for navigator.credentials.get with the last key made, or another."""
        made = made or self.credentials[-1]
        made.count += self.counts
        data = self._data(made)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(base64url_to_bytes(client_data)).digest()
        signature = made.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
            "userHandle": bytes_to_base64url(made.user_handle),
        }
        return self._answer(made, response)

    def _data(self, made: Credential, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return (
            hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + made.count.to_bytes(4)
        )

    def _client_data(self, kind: str, challenge: str) -> str:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(told).encode())

    def _answer(self, made: Credential, response: dict[str, Any]) -> dict[str, Any]:
        name = bytes_to_base64url(made.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
