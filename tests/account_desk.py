"""An account service on SQL or DynamoDB, with short ways to fill it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from quadrangle.accounts.api_keys.keys import CounterInMemory
from quadrangle.accounts.model import Account, Place
from quadrangle.accounts.policy_model import DEFAULT, AccountPolicy
from quadrangle.accounts.ports import AccountStore, Decide
from quadrangle.accounts.secrets.first_start import ensure_first_admin, ensure_pin
from quadrangle.accounts.secrets.local_credentials import LocalCredentials
from quadrangle.accounts.secrets.ports import Credentials, Secrets
from quadrangle.accounts.service import AccountParts, AccountService
from quadrangle.accounts.tokens.signing_keys import SigningKey
from quadrangle.audit.reading import Audit
from quadrangle.aws.accounts.api_keys import DynamoApiKeys
from quadrangle.aws.accounts.attempts import DynamoAttemptStore
from quadrangle.aws.accounts.identities import DynamoIdentityStore
from quadrangle.aws.accounts.passkeys import DynamoPasskeyStore
from quadrangle.aws.accounts.pins import DynamoPinStore
from quadrangle.aws.accounts.recovery_codes import DynamoRecoveryCodes
from quadrangle.aws.accounts.request_counter import DynamoRequestCounter
from quadrangle.aws.accounts.sessions import DynamoSessionStore, DynamoUsedTokens
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.hosts.one_machine.services import SCOPES
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.principal import Principal, Role
from quadrangle.portable.tokens.link_tokens import JwtLinkTokens
from quadrangle.portable.tokens.passwords import Argon2Passwords
from quadrangle.portable.tokens.sealing import AesSealer, SigningKeySealer, new_key
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
from quadrangle.sql.audit.store import SqlAudit
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from tests.standin.changes import changes_of_stream
from tests.standin.server import StandIn

ISSUER = "https://campus.example"
EMAIL, PASSWORD, PIN = "admin@campus.example", "correct horse battery", "27182818"
KEY = SigningKey.make()


class CountingPasswords(Argon2Passwords):
    """Argon2 with the least it can do; counts how often a secret was looked at."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**{"memory_kib": 8, "passes": 1, **parameters})
        self.looks: list[str | None] = []

    async def verify(self, hashed: str | None, secret: str) -> bool:
        self.looks.append(hashed)
        return await super().verify(hashed, secret)


HOME = Place("198.51.100.7", "Firefox")
SEALING_KEY = new_key()
POLICY = AccountPolicy(public_url=ISSUER)


class Desk:
    """The parts of one process. Two desks on one database are two processes."""

    def __init__(
        self, accounts: AccountStore, clock: Clock, stores: dict[str, Any], policy: AccountPolicy
    ) -> None:
        """`stores` are further fields of AccountParts."""
        self.accounts, self.clock = accounts, clock
        self.passwords = CountingPasswords()
        self.credentials = self.make_credentials()
        self.tokens = self.make_tokens()
        self.parts = AccountParts(
            accounts=accounts,
            passwords=self.passwords,
            credentials=self.credentials,
            tokens=self.tokens,
            ceremonies=WebAuthnCeremonies(ISSUER, "Quadrangle"),
            state_tokens=JwtStateTokens(lambda: [KEY], ISSUER, clock),
            link_tokens=JwtLinkTokens(lambda: [KEY], ISSUER, clock),
            flow_sealer=SigningKeySealer(lambda: [KEY]),
            clock=clock,
            policy=policy,
            scopes=SCOPES,
            **stores,
        )
        self.pins = self.parts.pins
        self.service = AccountService(self.parts)

    def make_credentials(self) -> Credentials:
        """Return what keeps passwords."""
        raise NotImplementedError

    def make_tokens(self) -> JwtTokens:
        """Return what signs and checks tokens."""
        return JwtTokens(lambda: [KEY], ISSUER, self.clock)

    async def open(self) -> Principal:
        """Make the first administrator and the PIN; return the administrator."""
        await ensure_first_admin(self.accounts, self.credentials, self.clock, EMAIL, PASSWORD)
        await ensure_pin(self.pins, self.passwords, self.clock, PIN)
        account = await self.account(EMAIL)
        return Principal(account.name, account.role, account.account_id)

    async def account(self, email: str) -> Account:
        account = await self.accounts.by_email(email)
        assert account is not None
        return account

    async def hire(self, admin: Principal, email: str, role: Role = Role.STAFF):
        return await self.service.people.add(email, email.partition("@")[0], role, admin)

    async def changes(self) -> list[Change]:
        """Return all changes, in the order they were written."""
        raise NotImplementedError

    async def kinds(self) -> list[str]:
        return [change.kind for change in await self.changes()]


class SqlDesk(Desk):
    def __init__(
        self, database: Database, clock: Clock, policy: AccountPolicy = POLICY, **more: Any
    ) -> None:
        self.database = database
        self.store = SqlAccountStore(database)
        stores = {
            "pins": SqlPinStore(database),
            "attempts": SqlAttemptStore(database),
            "sessions": SqlSessionStore(database),
            "used_tokens": SqlUsedTokens(database),
            "recovery_codes": SqlRecoveryCodes(database),
            "passkeys": SqlPasskeyStore(database),
            "api_keys": SqlApiKeys(database),
            "request_counter": CounterInMemory(RateLimiter()),
            "identities": SqlIdentityStore(database),
        }
        super().__init__(self.store, clock, {**stores, **more}, policy)
        self.audit_store = SqlAudit(database)
        acts = Acts(feed.SqlChangeFeed(database), clock)
        self.audit = Audit(self.audit_store, self.service.record_names, acts, clock)

    def make_credentials(self) -> Credentials:
        sealer = AesSealer(SEALING_KEY)
        return LocalCredentials(self.store, self.store, self.passwords, sealer, self.clock)

    async def changes(self) -> list[Change]:
        return await self.database.read(lambda c: feed.read_after(c, 0, 10_000))


class DynamoDesk(Desk):
    """Passwords are kept in memory, shared by the desks of one `secrets`: on AWS Cognito keeps
    them, which tests/contracts/accounts/test_credentials.py looks at."""

    def __init__(
        self,
        standin: StandIn,
        prefix: str,
        clock: Clock,
        secrets: dict[str, Secrets],
        policy: AccountPolicy = DEFAULT,
        **more: Any,
    ) -> None:
        dynamo, tables = Dynamo(standin.client("dynamodb")), Tables(prefix)
        self._changes = changes_of_stream(standin, tables.of(CHANGES))
        self.dynamo, self.tables = dynamo, tables
        self.store = InThreads(DynamoAccountStore(dynamo, tables))
        self._secrets = MemorySecrets(self.store, secrets)
        stores = {
            "pins": InThreads(DynamoPinStore(dynamo, tables)),
            "attempts": InThreads(DynamoAttemptStore(dynamo, tables, clock)),
            "sessions": InThreads(DynamoSessionStore(dynamo, tables)),
            "used_tokens": InThreads(DynamoUsedTokens(dynamo, tables)),
            "recovery_codes": InThreads(DynamoRecoveryCodes(dynamo, tables)),
            "identities": InThreads(DynamoIdentityStore(dynamo, tables)),
            "passkeys": InThreads(DynamoPasskeyStore(dynamo, tables)),
            "api_keys": InThreads(DynamoApiKeys(dynamo, tables)),
            "request_counter": InThreads(DynamoRequestCounter(dynamo, tables)),
        }
        super().__init__(self.store, clock, {**stores, **more}, policy)

    def make_credentials(self) -> Credentials:
        sealer = AesSealer(SEALING_KEY)
        return LocalCredentials(self.store, self._secrets, self.passwords, sealer, self.clock)

    async def changes(self) -> list[Change]:
        return self._changes()


class MemorySecrets:
    """Implements accounts.credential_ports.SecretStore beside accounts that are kept elsewhere."""

    def __init__(self, accounts: Any, secrets: dict[str, Secrets]) -> None:
        self._accounts = accounts
        self._secrets = secrets

    async def add(self, account: Account, secrets: Secrets, changes: Sequence[Change]) -> None:
        await self._accounts.add(account, changes)
        self._secrets[account.account_id] = secrets

    async def secrets(self, account_id: str) -> Secrets | None:
        return self._secrets.get(account_id)

    async def update_secrets(
        self, account_id: str, change: Callable[[Secrets], Secrets], decide: Decide | None = None
    ) -> Account:
        account = await self._accounts.update(account_id, decide or (lambda found, _: (found, [])))
        self._secrets[account_id] = change(self._secrets[account_id])
        return account


class InThreads:
    """Makes each call of a store in a thread: as they block, calls side by side would else follow
    one another, and none would meet another in the middle."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._store, name)

        async def call(*given: Any, **named: Any) -> Any:
            return await asyncio.to_thread(lambda: asyncio.run(method(*given, **named)))

        return call
