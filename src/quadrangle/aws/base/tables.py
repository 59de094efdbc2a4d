"""How tables of DynamoDB are named. deploy/aws/ makes them; each service's room says what its are.

Here are only the words that all of them share, and the one table that is no service's own:

| table | partition key |
|---|---|
| Settings | name |
"""

import msgspec

SETTINGS = "Settings"

ONLY_PART = "all"  # the part of an item that is alone under its key
EXPIRES = "expiresAt"  # the second, since 1970, after which DynamoDB may remove an item


class Tables(msgspec.Struct, frozen=True):
    """The tables of one installation, whose names all begin with its prefix."""

    prefix: str

    def of(self, table: str) -> str:
        """Return the whole name of a table: `<prefix>Issues` for `Issues`."""
        return f"{self.prefix}{table}"
