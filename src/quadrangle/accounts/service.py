"""The account service: its capabilities, put together from the parts a host has."""

from dataclasses import dataclass
from typing import Any, ClassVar

from quadrangle.accounts.api_keys.keys import ApiKeys, ApiKeyStore, RequestCounter
from quadrangle.accounts.authentication import Authentication
from quadrangle.accounts.joining.erasing import erasers
from quadrangle.accounts.joining.leaving import Leaving
from quadrangle.accounts.joining.links import AccountLinks, LinkTokens
from quadrangle.accounts.joining.opening_links import OpeningLinks
from quadrangle.accounts.joining.signing_up import SigningUp
from quadrangle.accounts.joining.taking_links import TakingLinks
from quadrangle.accounts.outside.admission import Admission
from quadrangle.accounts.outside.signing_in import OutsideSignIn
from quadrangle.accounts.own.changing_secrets import ChangingSecrets
from quadrangle.accounts.own.own_account import OwnAccount
from quadrangle.accounts.own.passkey_ports import Ceremonies, PasskeyStore
from quadrangle.accounts.own.passkey_sign_in import PasskeySignIn
from quadrangle.accounts.own.passkeys import Passkeys
from quadrangle.accounts.own.reauthentication import Reauthentication
from quadrangle.accounts.own.states import States, StateTokens
from quadrangle.accounts.own.two_factor import TwoFactor
from quadrangle.accounts.people.for_issues import IssueMembers
from quadrangle.accounts.people.for_meetings import MeetingPeople
from quadrangle.accounts.people.for_videos import VideoPeople
from quadrangle.accounts.people.names import Names
from quadrangle.accounts.people.naming import RecordNames
from quadrangle.accounts.people.people import People
from quadrangle.accounts.people.staff import Staff
from quadrangle.accounts.policy_model import DEFAULT, AccountPolicy
from quadrangle.accounts.ports import AccountStore, PinStore, UsedTokens
from quadrangle.accounts.secrets.ports import Credentials, Passwords, Sealer
from quadrangle.accounts.secrets.recovery import Recovery, RecoveryCodes
from quadrangle.accounts.secrets.shared_secrets import SharedSecrets
from quadrangle.accounts.sign_in.codes import Codes
from quadrangle.accounts.sign_in.lockouts import Lockouts
from quadrangle.accounts.sign_in.ports import AttemptStore
from quadrangle.accounts.sign_in.signing_in import SignIn
from quadrangle.accounts.tokens.identity_ports import IdentityStore, OutsideIssuer
from quadrangle.accounts.tokens.outside_bearers import OutsideBearers
from quadrangle.accounts.tokens.ports import SessionStore, Tokens
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, zone_of
from quadrangle.kernel.declaration import Scope

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
    passkeys: PasskeyStore
    ceremonies: Ceremonies
    state_tokens: StateTokens
    api_keys: ApiKeyStore
    request_counter: RequestCounter
    passwords: Passwords
    credentials: Credentials
    tokens: Tokens
    link_tokens: LinkTokens
    identities: IdentityStore
    flow_sealer: Sealer
    clock: Clock
    policy: AccountPolicy = DEFAULT
    outside_issuers: tuple[OutsideIssuer, ...] = ()
    scopes: tuple[Scope, ...] = ()  # of all services: what API keys may be let do


class AccountService:
    """`authentication` implements http.asking.authenticator.Authenticator, `staff` the
    StaffDirectory of issues."""

    injected_as: ClassVar[str] = "accounts"

    def __init__(self, parts: AccountParts) -> None:
        p, clock = parts, parts.clock
        factor_roles = p.policy.factor_roles
        lockouts = Lockouts(p.attempts, clock)
        recovery = Recovery(p.recovery_codes)
        codes = Codes(p.credentials, recovery)
        again = Reauthentication(p.credentials, codes, lockouts, clock)
        self._tokens = p.tokens
        self.links = AccountLinks(
            p.link_tokens, p.policy.public_url, clock, zone_of(p.policy.time_zone)
        )
        bearers = OutsideBearers(p.accounts, p.identities, factor_roles)
        self.sessions = Sessions(p.accounts, p.pins, p.sessions, p.tokens, bearers, clock, p.policy)
        self.sign_in = SignIn(
            p.accounts,
            p.pins,
            p.passwords,
            p.credentials,
            codes,
            lockouts,
            self.sessions,
            clock,
            pin=p.policy.pin,
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
            p.accounts, p.credentials, recovery, p.passkeys, self.sessions, clock, factor_roles
        )
        self.secrets = ChangingSecrets(
            p.pins, p.passwords, p.credentials, again, self.sessions, clock
        )
        self.shared_secrets = SharedSecrets(p.passwords, lockouts)
        self.two_factor = TwoFactor(
            p.accounts,
            p.credentials,
            recovery,
            p.passkeys,
            again,
            self.sessions,
            p.policy,
            clock,
        )
        states = States(p.state_tokens, p.used_tokens, clock)
        self.passkeys = Passkeys(
            p.passkeys,
            p.ceremonies,
            states,
            p.credentials,
            recovery,
            again,
            self.sessions,
            factor_roles,
            clock,
        )
        self.passkey_sign_in = PasskeySignIn(
            p.accounts, p.passkeys, p.ceremonies, states, lockouts, self.sessions, clock
        )
        self.staff = Staff(p.accounts)
        self.people = People(
            p.accounts,
            p.credentials,
            self.links,
            lockouts,
            self.sessions,
            p.policy.sign_up,
            clock,
        )
        self.policy = p.policy
        self.erasers = erasers(p.sessions, p.recovery_codes, p.passkeys, p.identities)
        opening = OpeningLinks(self.links, p.accounts, p.used_tokens, lockouts, clock)
        self.signing_up = SigningUp(
            p.accounts, p.credentials, opening, lockouts, self.sessions, clock, p.policy
        )
        self.taking_links = TakingLinks(p.credentials, opening, lockouts, self.sessions, clock)
        self.leaving = Leaving(
            p.accounts, p.credentials, again, lockouts, self.sessions, clock, p.policy
        )
        self.names = Names(p.accounts)
        self.api_keys = ApiKeys(p.api_keys, p.request_counter, clock, p.scopes)
        self.authentication = Authentication(self.sessions, self.api_keys)
        self.issue_members = IssueMembers(p.accounts)
        self.meeting_people = MeetingPeople(p.accounts)
        self.video_people = VideoPeople(p.accounts)
        self.record_names = RecordNames(self.names, p.api_keys)

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        return self._tokens.public_keys()

    def on_change(self, change: Change) -> None:
        """Hear of a change another process made, so that its ended tokens end here at once."""
        if change.kind in ENDING_KINDS:
            self.sessions.forget()
