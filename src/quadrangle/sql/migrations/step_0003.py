"""Mails can be erased with the account that they were for."""

_MAILS = (
    "ALTER TABLE mails ADD COLUMN forgotten BOOLEAN NOT NULL DEFAULT false",
    "CREATE INDEX mails_recipient ON mails (lower(recipient))",
)


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step, which is the same for `sqlite` and `postgresql`."""
    return list(_MAILS)
