"""Reports of an account whose name and address are those of another person."""


def statements(dialect: str) -> list[str]:
    """Return the DDL of this step for `sqlite` or `postgresql`, which is the same."""
    return ["ALTER TABLE issues ADD COLUMN others_contact BOOLEAN NOT NULL DEFAULT false"]
