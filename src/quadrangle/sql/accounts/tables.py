"""The tables of the accounts; see tables.py, whose `metadata` has these too once imported.

Columns that hold a hash or something sealed say so: nothing here opens anything by itself.
"""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text

from quadrangle.sql.base.tables import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("email", Text, nullable=False),  # lower case
    Column("name", Text, nullable=False),
    Column("folded_name", Text, nullable=False),  # to sort and search by: kernel.text.folded
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),  # invited, unconfirmed, open, closed
    Column("active", Boolean, nullable=False),
    Column("two_factor", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    # Tokens carry the epoch they were made in; raising it ends them all.
    Column("epoch", Integer, nullable=False),
    Column("password_hash", Text),  # none: signs in some other way
    Column("totp_secret", Text),  # sealed; none: no authenticator app
    Column("totp_step", BigInteger),  # the last time step a code was taken of
    Column("new_email", Text),  # lower case, not confirmed yet
)

# Wrong passwords and PINs by address or account, for growing waits: accounts.model.Tally.
attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("locked_until", Text),
    Column("forget_at", Text, nullable=False),
)

# Sign-ins that have not ended: accounts.model.Session.
sessions = Table(
    "sessions",
    metadata,
    Column("sid", Text, primary_key=True),
    Column("holder", Text, nullable=False),  # an account's id or the PIN
    Column("epoch", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("refresh_hash", Text, nullable=False),
    Column("replaced_hash", Text),
    Column("replaced_at", Text),
    Column("nonce", Text, nullable=False),
    Column("generation", Integer, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("code_hash", Text, primary_key=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("passkey_id", Text, primary_key=True),  # the credential's id, base64url
    Column("account_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", Text, nullable=False),  # base64url
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Text, nullable=False),  # with spaces between
    Column("created_at", Text, nullable=False),
    Column("used_at", Text),
)

# Who an outside issuer's subject is here.
identities = Table(
    "identities",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("api_key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # with spaces between
    Column("plan", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Text),
    Column("revoked_at", Text),
    Column("used_at", Text),
)

# One-time tokens that were used; rows go once the tokens have expired.
used_tokens = Table(
    "used_tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("until", Text, nullable=False),
)
