"""Accounts with everything that belongs to them: sessions, second factors, keys, the audit."""

_ACCOUNTS = """
ALTER TABLE changes ADD COLUMN origin TEXT;
ALTER TABLE mails ADD COLUMN private BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE accounts ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE accounts ADD COLUMN two_factor BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN totp_secret TEXT;
ALTER TABLE accounts ADD COLUMN totp_step BIGINT;
ALTER TABLE accounts ADD COLUMN new_email TEXT;
ALTER TABLE accounts ADD COLUMN folded_name TEXT NOT NULL DEFAULT '';
UPDATE accounts SET folded_name = lower(name);
CREATE INDEX accounts_name ON accounts (folded_name, account_id);

DROP TABLE ended_sessions;
CREATE TABLE sessions (
  sid TEXT PRIMARY KEY, holder TEXT NOT NULL, epoch INTEGER NOT NULL, method TEXT NOT NULL,
  created_at TEXT NOT NULL, seen_at TEXT NOT NULL, expires_at TEXT NOT NULL,
  origin TEXT NOT NULL, device TEXT NOT NULL, refresh_hash TEXT NOT NULL, replaced_hash TEXT,
  replaced_at TEXT, nonce TEXT NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX sessions_holder ON sessions (holder);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE recovery_codes (
  account_id TEXT NOT NULL, code_hash TEXT NOT NULL, PRIMARY KEY (account_id, code_hash));
CREATE TABLE passkeys (
  passkey_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL,
  public_key TEXT NOT NULL, sign_count BIGINT NOT NULL, transports TEXT NOT NULL,
  created_at TEXT NOT NULL, used_at TEXT);
CREATE INDEX passkeys_account ON passkeys (account_id);
CREATE TABLE identities (
  issuer TEXT NOT NULL, subject TEXT NOT NULL, account_id TEXT NOT NULL,
  created_at TEXT NOT NULL, PRIMARY KEY (issuer, subject));
CREATE INDEX identities_account ON identities (account_id);
CREATE TABLE api_keys (
  api_key_id TEXT PRIMARY KEY, name TEXT NOT NULL, secret_hash TEXT NOT NULL,
  scopes TEXT NOT NULL, plan TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
  expires_at TEXT, revoked_at TEXT, used_at TEXT);
CREATE TABLE used_tokens (token_id TEXT PRIMARY KEY, until TEXT NOT NULL);
CREATE INDEX used_tokens_until ON used_tokens (until);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY, change_seq BIGINT NOT NULL UNIQUE, at TEXT NOT NULL,
  kind TEXT NOT NULL, subject TEXT NOT NULL, actor TEXT NOT NULL, actor_id TEXT, origin TEXT,
  details TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX audit_kind ON audit (kind, seq);
CREATE INDEX audit_actor ON audit (actor_id, seq);
CREATE INDEX audit_subject ON audit (subject, seq)
"""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step, which is the same for `sqlite` and `postgresql`."""
    return [s.strip() for s in _ACCOUNTS.split(";") if s.strip()]
