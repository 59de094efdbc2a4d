"""The account service: its capabilities, put together from the parts a host has."""

from dataclasses import dataclass
from typing import Any

from quadrangle.accounts.admission import Admission
from quadrangle.accounts.changing_secrets import ChangingSecrets
from quadrangle.accounts.credential_ports import Credentials, Passwords, Sealer
from quadrangle.accounts.identity_ports import IdentityStore, OutsideIssuer
from quadrangle.accounts.lockouts import Lockouts
from quadrangle.accounts.outside_bearers import OutsideBearers
from quadrangle.accounts.outside_sign_in import OutsideSignIn
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
    passwords: Passwords
    credentials: Credentials
    tokens: Tokens
    identities: IdentityStore
    flow_sealer: Sealer
    clock: Clock
    policy: Policy = DEFAULT
    outside_issuers: tuple[OutsideIssuer, ...] = ()


class AccountService:
    """`sessions` is the http.auth.Authenticator, `staff` the issues' StaffDirectory."""

    def __init__(self, parts: AccountParts) -> None:
        p, clock = parts, parts.clock
        factor_roles = p.policy.factor_roles
        lockouts = Lockouts(p.attempts, clock)
        recovery = Recovery(p.recovery_codes)
        again = Reauthentication(p.credentials, lockouts, clock)
        self._tokens = p.tokens
        bearers = OutsideBearers(p.accounts, p.identities, factor_roles)
        self.sessions = Sessions(
            p.accounts, p.pins, p.sessions, p.tokens, bearers, clock, factor_roles
        )
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
        admission = Admission(p.accounts, p.credentials, p.identities, clock)
        self.outside = OutsideSignIn(
            p.outside_issuers,
            admission,
            p.flow_sealer,
            p.used_tokens,
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
        self.staff = Staff(p.accounts, p.credentials, lockouts, self.sessions, clock)

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        return self._tokens.public_keys()

    def on_change(self, change: Change) -> None:
        """Hear of a change another process made, so that its ended tokens end here at once."""
        if change.kind in ENDING_KINDS:
            self.sessions.forget()
