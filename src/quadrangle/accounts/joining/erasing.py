"""What stores keep of an account beside itself, and removing it once that is closed."""

from quadrangle.accounts.own.passkey_ports import PasskeyStore
from quadrangle.accounts.ports import Eraser
from quadrangle.accounts.secrets.recovery import Recovery, RecoveryCodes
from quadrangle.accounts.tokens.identity_ports import IdentityStore
from quadrangle.accounts.tokens.ports import SessionStore


def erasers(
    sessions: SessionStore,
    recovery_codes: RecoveryCodes,
    passkeys: PasskeyStore,
    identities: IdentityStore,
) -> list[Eraser]:
    """Return what removes all of it. Sign-ins ended when the account was closed: they go here."""

    async def forget_sessions(account_id: str) -> None:
        await sessions.end_all(account_id, [])

    forget_codes = Recovery(recovery_codes).forget
    return [forget_codes, forget_sessions, passkeys.forget, identities.remove_all]
