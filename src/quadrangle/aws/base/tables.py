"""How tables of DynamoDB are named. deploy/aws/ makes them; each service's room says what its are.

Here are only the words that all of them share, and the tables that are no service's own:

| table | partition key |
|---|---|
| Settings | name |
| Attempts | messageId |
"""

import msgspec

SETTINGS = "Settings"
ATTEMPTS = "Attempts"

ONLY_PART = "all"  # the part of an item that is alone under its key
EXPIRES = "expiresAt"  # the second, since 1970, after which DynamoDB may remove an item


class Tables(msgspec.Struct, frozen=True):
    """The tables of one installation, whose names all begin with its prefix."""

    prefix: str

    def of(self, table: str) -> str:
        """Return the whole name of a table: `<prefix>Issues` for `Issues`."""
        return f"{self.prefix}{table}"
