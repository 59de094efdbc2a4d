"""An administrator with everything that can be kept of one. Secrets are of nothing."""

from datetime import timedelta
from typing import Any

from quadrangle.accounts.api_keys.rules import ApiKey, Plan
from quadrangle.accounts.model import PIN_SUBJECT, Account, Method, Pin, Session, Tally
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.ports import Decide
from quadrangle.accounts.secrets.ports import Secrets
from quadrangle.accounts.sign_in.lockout_rules import TryOutcome
from quadrangle.accounts.tokens.identity_ports import Identity
from quadrangle.aws.accounts.api_keys import DynamoApiKeys
from quadrangle.aws.accounts.attempts import DynamoAttemptStore
from quadrangle.aws.accounts.identities import DynamoIdentityStore
from quadrangle.aws.accounts.passkeys import DynamoPasskeyStore
from quadrangle.aws.accounts.pins import DynamoPinStore
from quadrangle.aws.accounts.recovery_codes import DynamoRecoveryCodes
from quadrangle.aws.accounts.sessions import DynamoSessionStore, DynamoUsedTokens
from quadrangle.aws.accounts.store import DynamoAccountStore, Held
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.principal import Role
from quadrangle.sql.accounts.api_keys import SqlApiKeys
from quadrangle.sql.accounts.attempts import SqlAttemptStore
from quadrangle.sql.accounts.identities import SqlIdentityStore
from quadrangle.sql.accounts.passkeys import SqlPasskeyStore
from quadrangle.sql.accounts.pins import SqlPinStore
from quadrangle.sql.accounts.recovery_codes import SqlRecoveryCodes
from quadrangle.sql.accounts.sessions import SqlSessionStore, SqlUsedTokens
from quadrangle.sql.accounts.store import SqlAccountStore
from tests.old_records.base.samples import ADMIN_ID, AT, NOW, change
from tests.old_records.wings import SqlWing, Wing

DAY = timedelta(days=1)
ACCOUNT = Account(
    account_id=ADMIN_ID,
    email="ada@campus.example",
    name="Ada Admin",
    role=Role.ADMIN,
    created_at=AT,
    active=True,
    two_factor=True,
    epoch=3,
    new_email="ada.admin@campus.example",
)
SECRETS = Secrets(password_hash="a hash", totp_secret="something sealed", totp_step=59_000_000)
HELD = Held(has_password=True, has_totp=True)
SESSION = Session(
    sid="3d7c2f6c-2d6e-4e1f-82c7-2e0f7f9f5e06",
    holder=ADMIN_ID,
    epoch=3,
    method=Method.PASSKEY,
    created_at=AT,
    seen_at=AT,
    expires_at=to_text(NOW + DAY),
    origin="198.51.100.7",
    device="Firefox",
    refresh_hash="a hash",
    nonce="a nonce",
    replaced_hash="an older hash",
    replaced_at=AT,
    generation=2,
)
PASSKEY = Passkey(
    passkey_id="cGFzc2tleQ",
    account_id=ADMIN_ID,
    name="Telephone",
    public_key="cHVibGlj",
    sign_count=7,
    transports=("internal", "hybrid"),
    created_at=AT,
    used_at=AT,
)
API_KEY = ApiKey(
    api_key_id="4c6b3f7d-3e7f-4f2a-93d8-3f1a8a0a6f07",
    name="Timetable",
    secret_hash="a hash",
    scopes=("issues:report", "issues:read"),
    plan=Plan.HIGH,
    created_at=AT,
    created_by=ADMIN_ID,
    expires_at=to_text(NOW + DAY),
    revoked_at=AT,
    used_at=AT,
)
PIN = Pin("a hash", 1)
IDENTITY = Identity("https://sso.campus.example", "ada", ADMIN_ID, AT)
CODE = "the hash of a code"
TALLY_KEY = "password:ada"
TALLY = Tally(4, since=NOW, forget_at=NOW + DAY, locked_until=NOW + timedelta(minutes=1))
TOKEN_ID = "a token that was used"


class Stores:
    """The stores of accounts on a wing."""

    def __init__(self, wing: Wing) -> None:
        on_sql = isinstance(wing, SqlWing)
        self.accounts: Any
        if on_sql:
            database = wing.database
            self.accounts = SqlAccountStore(database)
            self.sessions, self.used_tokens = SqlSessionStore(database), SqlUsedTokens(database)
            self.passkeys, self.api_keys = SqlPasskeyStore(database), SqlApiKeys(database)
            self.pins, self.identities = SqlPinStore(database), SqlIdentityStore(database)
            self.recovery_codes = SqlRecoveryCodes(database)
            self.attempts = SqlAttemptStore(database)
        else:
            place = (wing.dynamo, wing.tables)
            self.accounts = DynamoAccountStore(*place)
            self.sessions, self.used_tokens = DynamoSessionStore(*place), DynamoUsedTokens(*place)
            self.passkeys, self.api_keys = DynamoPasskeyStore(*place), DynamoApiKeys(*place)
            self.pins, self.identities = DynamoPinStore(*place), DynamoIdentityStore(*place)
            self.recovery_codes = DynamoRecoveryCodes(*place)
            self.attempts = DynamoAttemptStore(*place, wing.clock)


def _as_it_is() -> Decide:
    noted = change("account.passkey-added", ADMIN_ID, name=PASSKEY.name)
    return lambda account, _: (account, [noted])


async def write_accounts(wing: Wing) -> None:
    stores, created = Stores(wing), [change("account.created", ADMIN_ID, role="admin")]
    if isinstance(wing, SqlWing):
        await stores.accounts.add(ACCOUNT, SECRETS, created)
    else:
        await stores.accounts.add(ACCOUNT, created, HELD)
    await stores.sessions.add(SESSION, NOW)
    await stores.passkeys.add(PASSKEY, _as_it_is())
    await stores.api_keys.add(API_KEY, [change("api-key.created", API_KEY.api_key_id)])
    await stores.pins.save(PIN, [change("pin.changed", PIN_SUBJECT)])
    await stores.identities.link(IDENTITY, [change("account.identity-linked", ADMIN_ID)])
    await stores.recovery_codes.replace(ADMIN_ID, [CODE])
    await stores.attempts.update([TALLY_KEY], lambda _: TryOutcome({TALLY_KEY: TALLY}), NOW)
    await stores.used_tokens.use(TOKEN_ID, NOW + DAY, NOW)
