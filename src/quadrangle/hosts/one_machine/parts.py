"""Assembles the parts of one machine. Processes share them through the database and the folder."""

import secrets
from typing import TYPE_CHECKING

from quadrangle.accounts.api_keys.keys import CounterInMemory
from quadrangle.accounts.policy import Policy
from quadrangle.accounts.secrets.local_credentials import LocalCredentials
from quadrangle.accounts.service import AccountParts, AccountService
from quadrangle.accounts.tokens.issuers import bearers
from quadrangle.audit.rules import KEY_BYTES
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.hosts.shared.account_policy import policy_of
from quadrangle.hosts.shared.outside_issuer import outside_issuer
from quadrangle.http.limits import RateLimiter
from quadrangle.issues.catalog import Catalogs
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock, SystemClock
from quadrangle.machine.files import DirectoryFiles
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
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.signal import PostgresSignal, Signal, SocketSignal
from quadrangle.sql.base.urls import backend_of, libpq_url
from quadrangle.sql.feed.feed import SqlChangeFeed
from quadrangle.sql.issues.catalog import SqlCatalogStore
from quadrangle.sql.issues.store import SqlIssueStore
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs
from quadrangle.sql.mail.outbox import SqlOutbox

if TYPE_CHECKING:
    from quadrangle.portable.single_sign_on.oidc import OidcIssuer


class Parts:
    """What the server, the worker and the commands use. Making them touches nothing yet.

    The worker's have `flush` False: all it writes follows from change records that are on disk,
    and begins again from them should a power cut undo it. So its many small transactions do not
    take turns with the server's flushes.
    """

    def __init__(
        self, settings: Settings, clock: Clock | None = None, *, flush: bool = True
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.signal = _signal(settings)
        self.database = Database(settings.database, signal=self.signal, flush=flush)
        self.issues = SqlIssueStore(self.database)
        self.catalog_store = SqlCatalogStore(self.database)
        self.catalogs = Catalogs(self.catalog_store, self.clock)
        self.account_store = SqlAccountStore(self.database)
        self.pins = SqlPinStore(self.database)
        self.passwords = Argon2Passwords()
        self.jobs = SqlJobs(self.database, self.clock)
        self.dead_letters = SqlDeadLetters(self.database, self.clock)
        self.outbox = SqlOutbox(self.database, self.clock)
        self.acts = Acts(SqlChangeFeed(self.database), self.clock)
        self.files = DirectoryFiles(settings.data / "files")
        self._audit_key = settings.data / "keys" / "audit.key"

    def accounts(self) -> AccountService:
        """Return the account service; makes its keys when there are none."""
        policy = self._policy()
        keys = self.signing_keys().current
        outside = self._outside_issuer()
        url = self.settings.public_url
        believed = [bearers(outside.iss, outside.keys, url)] if outside else []
        return AccountService(
            AccountParts(
                accounts=self.account_store,
                pins=self.pins,
                attempts=SqlAttemptStore(self.database),
                sessions=SqlSessionStore(self.database),
                used_tokens=SqlUsedTokens(self.database),
                recovery_codes=SqlRecoveryCodes(self.database),
                passkeys=SqlPasskeyStore(self.database),
                ceremonies=WebAuthnCeremonies(policy.public_url, policy.issuer_name),
                state_tokens=JwtStateTokens(keys, self.settings.public_url, self.clock),
                api_keys=SqlApiKeys(self.database),
                request_counter=CounterInMemory(
                    RateLimiter(enabled=self.settings.rate_limits == "on")
                ),
                passwords=self.passwords,
                credentials=self.credentials(),
                link_tokens=JwtLinkTokens(keys, self.settings.public_url, self.clock),
                tokens=JwtTokens(keys, self.settings.public_url, self.clock, believed),
                identities=SqlIdentityStore(self.database),
                flow_sealer=sealing.SigningKeySealer(keys),
                outside_issuers=(outside,) if outside else (),
                clock=self.clock,
                policy=policy,
            )
        )

    def audit_key(self) -> bytes:
        """Return the key that chains the audit; made when there is none."""
        return key_files.load_or_make(self._audit_key, lambda: secrets.token_bytes(KEY_BYTES))

    def has_audit_key(self) -> bool:
        """Tell whether there is one: a new one would hold none of the records there are."""
        return self._audit_key.exists()

    def signing_keys(self) -> KeyFile:
        """Return the keys that sign tokens, made now when there are none. Raises KeysUnusable."""
        return KeyFile(self.settings.data / "keys" / "signing.json", self.clock)

    def credentials(self) -> LocalCredentials:
        """Return what keeps passwords; makes the key that seals secrets when there is none."""
        key = key_files.load_or_make(self.settings.data / "keys" / "sealing.key", sealing.new_key)
        sealer = sealing.AesSealer(key)
        store = self.account_store
        return LocalCredentials(store, store, self.passwords, sealer, self.clock)

    def _outside_issuer(self) -> "OidcIssuer | None":
        settings = self.settings
        if not settings.oidc_issuer:
            return None
        return outside_issuer(settings, lambda: settings.oidc_client_secret, self.clock)

    def _policy(self) -> Policy:
        settings = self.settings
        return policy_of(
            settings.sign_up, settings.sign_up_domains, settings.two_factor, settings.public_url
        )

    async def close(self) -> None:
        """Finish what was begun and let go of everything."""
        await self.database.close()
        await self.signal.close()
        self.passwords.close()


def _signal(settings: Settings) -> Signal:
    if backend_of(settings.database) == "sqlite":
        return SocketSignal(settings.data / "run")
    return PostgresSignal(libpq_url(settings.database))
