"""The account service: its capabilities, put together from the parts a host has."""

from typing import Any

from quadrangle.accounts.changing_secrets import ChangingSecrets
from quadrangle.accounts.lockouts import Lockouts
from quadrangle.accounts.ports import (
    AccountStore,
    AttemptStore,
    Passwords,
    PinStore,
    SessionStore,
    Tokens,
)
from quadrangle.accounts.sessions import Sessions
from quadrangle.accounts.sign_in import SignIn
from quadrangle.accounts.staff import Staff
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock

# After these, tokens known here may have ended.
ENDING_KINDS = frozenset(
    {"account.changed", "account.password-changed", "account.pin-changed", "account.signed-out"}
)


class AccountService:
    """`sessions` is the http.auth.Authenticator, `staff` the issues' StaffDirectory."""

    def __init__(
        self,
        *,
        accounts: AccountStore,
        pins: PinStore,
        attempts: AttemptStore,
        ended_sessions: SessionStore,
        passwords: Passwords,
        tokens: Tokens,
        clock: Clock,
    ) -> None:
        lockouts = Lockouts(attempts, clock)
        self._tokens = tokens
        self.sessions = Sessions(accounts, pins, ended_sessions, tokens, clock)
        self.sign_in = SignIn(accounts, pins, passwords, lockouts, self.sessions, clock)
        self.secrets = ChangingSecrets(accounts, pins, passwords, lockouts, self.sessions, clock)
        self.staff = Staff(accounts, passwords, lockouts, self.sessions, clock)

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        return self._tokens.public_keys()

    def on_change(self, change: Change) -> None:
        """Hear of a change another process made, so that its ended tokens end here at once."""
        if change.kind in ENDING_KINDS:
            self.sessions.forget()
