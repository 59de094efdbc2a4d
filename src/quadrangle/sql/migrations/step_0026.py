"""Texts of mails go after a while; since when one was to be sent last is what counts."""

FOLLOWS = True
_MAILS = (
    "ALTER TABLE mails ADD COLUMN queued_at TEXT NOT NULL DEFAULT ''",
    "UPDATE mails SET queued_at = created_at",
    "ALTER TABLE mails ADD COLUMN text_kept BOOLEAN NOT NULL DEFAULT true",
    "UPDATE mails SET text_kept = false WHERE recipient = ''",
    "CREATE INDEX mails_texts ON mails (queued_at) WHERE text_kept",
)


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step, which is the same for `sqlite` and `postgresql`."""
    return list(_MAILS)
