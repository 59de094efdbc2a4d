"""Mails can hold an invitation for the reader's calendar."""

_MAILS = (
    "ALTER TABLE mails ADD COLUMN calendar_method TEXT",
    "ALTER TABLE mails ADD COLUMN calendar TEXT",
)


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step, which is the same for `sqlite` and `postgresql`."""
    return list(_MAILS)
