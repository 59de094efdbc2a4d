"""Passkeys by the `webauthn` library (WebAuthn level 3).

The library takes half a second to import, so it is done with the first passkey, and in a thread
like all work with it: whoever asks for something else meanwhile does not wait.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from quadrangle.accounts.model import Account
from quadrangle.accounts.own.passkey_model import Passkey, Registered
from quadrangle.accounts.own.passkey_ports import CeremonyFailed, Options

# Longer than a state lives helps nobody; browsers take it as a hint.
TIMEOUT_MS = 300_000
LONGEST_ID = 1_023  # bytes, by the standard
_KNOWN_TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})


class WebAuthnCeremonies:
    """Implements accounts.passkey_ports.Ceremonies for the site at `public_url`."""

    def __init__(self, public_url: str, name: str) -> None:
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.hostname or ""
        self._name = name

    async def registration(self, account: Account, known: Sequence[Passkey]) -> Options:
        return await asyncio.to_thread(self._registration, account, known)

    def _registration(self, account: Account, known: Sequence[Passkey]) -> Options:
        import webauthn
        from webauthn.helpers import base64url_to_bytes, structs

        wanted = structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        excluded = [
            structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.passkey_id))
            for each in known
        ]
        return _options(
            webauthn.generate_registration_options(
                rp_id=self._host,
                rp_name=self._name,
                user_id=account.account_id.encode(),
                user_name=account.email,
                user_display_name=account.name,
                timeout=TIMEOUT_MS,
                authenticator_selection=wanted,
                exclude_credentials=excluded,
            )
        )

    async def sign_in(self) -> Options:
        return await asyncio.to_thread(self._sign_in)

    def _sign_in(self) -> Options:
        import webauthn
        from webauthn.helpers import structs

        return _options(
            webauthn.generate_authentication_options(
                rp_id=self._host,
                timeout=TIMEOUT_MS,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            )
        )

    async def registered(self, credential: dict[str, Any], challenge: str) -> Registered:
        return await asyncio.to_thread(self._registered, credential, challenge)

    def _registered(self, credential: dict[str, Any], challenge: str) -> Registered:
        import webauthn
        from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except Exception as error:  # whatever the library meets in what a stranger sent
            raise CeremonyFailed from error
        if len(made.credential_id) > LONGEST_ID:
            raise CeremonyFailed
        return Registered(
            passkey_id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            transports=_transports(credential),
        )

    async def asserted(self, credential: dict[str, Any], challenge: str, passkey: Passkey) -> int:
        return await asyncio.to_thread(self._asserted, credential, challenge, passkey)

    def _asserted(self, credential: dict[str, Any], challenge: str, passkey: Passkey) -> int:
        import webauthn
        from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json

        try:
            parsed = parse_authentication_credential_json(credential)
            checked = webauthn.verify_authentication_response(
                credential=parsed,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=0,  # compared where it is written
                require_user_verification=True,
            )
        except Exception as error:  # as above
            raise CeremonyFailed from error
        if parsed.id != passkey.passkey_id:
            raise CeremonyFailed
        if parsed.response.user_handle != passkey.account_id.encode():
            raise CeremonyFailed
        return checked.new_sign_count


def _options(asked: Any) -> Options:
    from webauthn.helpers import bytes_to_base64url, options_to_json_dict

    return Options(bytes_to_base64url(asked.challenge), options_to_json_dict(asked))


def _transports(credential: dict[str, Any]) -> tuple[str, ...]:
    """Return how the device can be reached, as far as the browser uses words of the standard."""
    told = credential["response"].get("transports")
    if not isinstance(told, list):
        return ()
    words = {each for each in told if isinstance(each, str)}
    return tuple(sorted(_KNOWN_TRANSPORTS & words))
