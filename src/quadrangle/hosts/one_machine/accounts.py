"""The account service on one machine."""

from collections.abc import Callable, Coroutine, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from quadrangle.accounts.api_keys.keys import CounterInMemory
from quadrangle.accounts.declared import ACCOUNTS
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.reactions import AccountReactions
from quadrangle.accounts.secrets.first_start import ensure_first_admin, ensure_pin
from quadrangle.accounts.secrets.local_credentials import LocalCredentials
from quadrangle.accounts.service import ENDING_KINDS, AccountParts, AccountService
from quadrangle.accounts.tokens.issuers import bearers
from quadrangle.accounts.waiting_mails import WaitingMails
from quadrangle.hosts.one_machine.commands.keys import keep_rotating
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.service import Listener, ServiceHost
from quadrangle.hosts.shared.account_policy import policy_of
from quadrangle.hosts.shared.outside_issuer import outside_issuer
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.declaration import Scope
from quadrangle.kernel.mail import MailQueue
from quadrangle.machine.keys import key_files
from quadrangle.machine.keys.signing_keys import KeyFile
from quadrangle.portable.tokens import sealing
from quadrangle.portable.tokens.link_tokens import JwtLinkTokens
from quadrangle.portable.tokens.passwords import Argon2Passwords
from quadrangle.portable.tokens.state_tokens import JwtStateTokens
from quadrangle.portable.tokens.tokens import JwtTokens
from quadrangle.portable.tokens.webauthn_ceremonies import WebAuthnCeremonies
from quadrangle.sql.accounts.api_keys import SqlApiKeys
from quadrangle.sql.accounts.attempts import SqlAttemptStore
from quadrangle.sql.accounts.identities import SqlIdentityStore
from quadrangle.sql.accounts.passkeys import SqlPasskeyStore
from quadrangle.sql.accounts.pins import SqlPinStore
from quadrangle.sql.accounts.recovery_codes import SqlRecoveryCodes
from quadrangle.sql.accounts.sessions import SqlSessionStore, SqlUsedTokens
from quadrangle.sql.accounts.store import SqlAccountStore

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.http.common import Common
    from quadrangle.portable.single_sign_on.oidc import OidcIssuer


class AccountsHost(ServiceHost):
    declared = ACCOUNTS

    def __init__(self, parts: MachineParts, mail: MailQueue, scopes: tuple[Scope, ...]) -> None:
        self._parts = parts
        self._mail = mail
        self._scopes = scopes
        self._store = SqlAccountStore(parts.database)
        self._pins = SqlPinStore(parts.database)
        self._passwords = Argon2Passwords()
        # The keys that sign tokens, made when there are none.
        self.keys = KeyFile(parts.keys / "signing.json", parts.clock)

    @cached_property
    def service(self) -> AccountService:
        """The account service; makes the key that seals secrets when there is none."""
        policy, keys, outside = self._policy(), self.keys.current, self._outside_issuer()
        database, clock, settings = self._parts.database, self._parts.clock, self._parts.settings
        url = settings.public_url
        believed = [bearers(outside.iss, outside.keys, url)] if outside else []
        limiter = RateLimiter(enabled=settings.rate_limits == "on")
        return AccountService(
            AccountParts(
                accounts=self._store,
                pins=self._pins,
                attempts=SqlAttemptStore(database),
                sessions=SqlSessionStore(database),
                used_tokens=SqlUsedTokens(database),
                recovery_codes=SqlRecoveryCodes(database),
                passkeys=SqlPasskeyStore(database),
                ceremonies=WebAuthnCeremonies(policy.public_url, policy.issuer_name),
                state_tokens=JwtStateTokens(keys, url, clock),
                api_keys=SqlApiKeys(database),
                request_counter=CounterInMemory(limiter),
                passwords=self._passwords,
                credentials=self._credentials,
                link_tokens=JwtLinkTokens(keys, url, clock),
                tokens=JwtTokens(keys, url, clock, believed),
                identities=SqlIdentityStore(database),
                flow_sealer=sealing.SigningKeySealer(keys),
                outside_issuers=(outside,) if outside else (),
                clock=clock,
                policy=policy,
                scopes=self._scopes,
            )
        )

    @cached_property
    def _credentials(self) -> LocalCredentials:
        """What keeps passwords."""
        sealer = sealing.AesSealer(
            key_files.load_or_make(self._parts.keys / "sealing.key", sealing.new_key)
        )
        clock = self._parts.clock
        return LocalCredentials(self._store, self._store, self._passwords, sealer, clock)

    def _outside_issuer(self) -> "OidcIssuer | None":
        settings = self._parts.settings
        if not settings.oidc_issuer:
            return None
        return outside_issuer(settings, lambda: settings.oidc_client_secret, self._parts.clock)

    def _policy(self) -> AccountPolicy:
        settings = self._parts.settings
        return policy_of(
            settings.sign_up,
            settings.sign_up_domains,
            settings.two_factor,
            settings.pin_sign_in,
            settings.public_url,
            settings.time_zone,
        )

    async def first_start(self) -> list[str]:
        """Make the first admin and the PIN where they are missing."""
        settings, clock, shown = self._parts.settings, self._parts.clock, list[str]()
        password = await ensure_first_admin(
            self._store, self._credentials, clock, settings.admin_email, settings.admin_password
        )
        pin = None
        if self._policy().pin:
            pin = await ensure_pin(self._pins, self._passwords, clock, settings.staff_pin)
        if password:
            shown.append(f"  Admin sign-in: {settings.admin_email}  password: {password}")
        if pin:
            shown.append(f"  Staff PIN:     {pin}")
        return shown

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.accounts.http import routes
        from quadrangle.hosts.shared.http_app import RouteGroup

        return RouteGroup(routes.ROUTES, [self.service], routes.DEPENDENCIES)

    def listeners(self) -> Sequence[Listener]:
        return [Listener(ENDING_KINDS, self.service.on_change)]

    def errands(self) -> Sequence[Callable[[], Coroutine[Any, Any, None]]]:
        return [partial(keep_rotating, self.keys)]

    def reactions(self) -> Sequence[Reaction]:
        service = self.service
        return AccountReactions(
            self._store, self._mail, service.links, service.erasers, self._parts.clock
        ).all()

    @property
    def waiting_mails(self) -> WaitingMails:
        """What looks at mails of accounts before they leave."""
        return WaitingMails(self._store, self.service.links, self._parts.clock)

    async def close(self) -> None:
        self._passwords.close()
