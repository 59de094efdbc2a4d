"""What a passkey is. Frozen values."""

import msgspec


class Passkey(msgspec.Struct, frozen=True):
    """A public key someone signs in with (WebAuthn). `passkey_id` and `public_key` are base64url.

    `sign_count` is the last the device told, 0 where it does not count.
    """

    passkey_id: str
    account_id: str
    name: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    created_at: str
    used_at: str | None = None


class Registered(msgspec.Struct, frozen=True):
    """A public key that was made; fields as in Passkey."""

    passkey_id: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
