"""The account service: its capabilities, put together from the parts a host has."""

from dataclasses import dataclass
from typing import Any

from quadrangle.accounts.api_keys import ApiKeys, ApiKeyStore, RequestCounter
from quadrangle.accounts.audit import Audit, AuditStore
from quadrangle.accounts.authentication import Authentication
from quadrangle.accounts.changing_secrets import ChangingSecrets
from quadrangle.accounts.credential_ports import Credentials, Passwords
from quadrangle.accounts.lockouts import Lockouts
from quadrangle.accounts.names import Names
from quadrangle.accounts.own_account import OwnAccount
from quadrangle.accounts.policy import DEFAULT, Policy
from quadrangle.accounts.ports import (
    AccountStore,
    AttemptStore,
    PinStore,
    SessionStore,
    Tokens,
    UsedTokens,
)
from quadrangle.accounts.reauthentication import Reauthentication
from quadrangle.accounts.recovery import Recovery, RecoveryCodes
from quadrangle.accounts.sessions import Sessions
from quadrangle.accounts.sign_in import SignIn
from quadrangle.accounts.staff import Staff
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock

# After these, tokens known here may have ended.
ENDING_KINDS = frozenset(
    {
        "account.changed",
        "account.closed",
        "account.password-changed",
        "account.pin-changed",
        "account.refresh-reused",
        "account.second-factor-changed",
        "account.signed-out",
    }
)


@dataclass(frozen=True)
class AccountParts:
    """What the service is put together from."""

    accounts: AccountStore
    pins: PinStore
    attempts: AttemptStore
    sessions: SessionStore
    used_tokens: UsedTokens
    recovery_codes: RecoveryCodes
    api_keys: ApiKeyStore
    request_counter: RequestCounter
    audit: AuditStore
    acts: Acts
    passwords: Passwords
    credentials: Credentials
    tokens: Tokens
    clock: Clock
    policy: Policy = DEFAULT


class AccountService:
    """`authentication` is the http.auth.Authenticator, `staff` the issues' StaffDirectory."""

    def __init__(self, parts: AccountParts) -> None:
        p, clock = parts, parts.clock
        factor_roles = p.policy.factor_roles
        lockouts = Lockouts(p.attempts, clock)
        recovery = Recovery(p.recovery_codes)
        again = Reauthentication(p.credentials, lockouts, clock)
        self._tokens = p.tokens
        self.sessions = Sessions(p.accounts, p.pins, p.sessions, p.tokens, clock, factor_roles)
        self.sign_in = SignIn(
            p.accounts,
            p.pins,
            p.passwords,
            p.credentials,
            recovery,
            lockouts,
            self.sessions,
            clock,
        )
        self.own = OwnAccount(
            p.accounts, p.credentials, recovery, self.sessions, clock, factor_roles
        )
        self.secrets = ChangingSecrets(
            p.pins, p.passwords, p.credentials, again, self.sessions, clock
        )
        self.names = Names(p.accounts)
        self.api_keys = ApiKeys(p.api_keys, p.request_counter, clock)
        self.authentication = Authentication(self.sessions, self.api_keys)
        self.audit = Audit(p.audit, p.api_keys, self.names, p.acts, clock)
        self.staff = Staff(p.accounts, p.credentials, lockouts, self.sessions, clock)

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        return self._tokens.public_keys()

    def on_change(self, change: Change) -> None:
        """Hear of a change another process made, so that its ended tokens end here at once."""
        if change.kind in ENDING_KINDS:
            self.sessions.forget()
