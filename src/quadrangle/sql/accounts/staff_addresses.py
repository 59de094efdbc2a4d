"""Where mail reaches members of staff, read for many at once."""

from collections.abc import Collection

from sqlalchemy import Connection

from quadrangle.accounts.people.staff import is_active
from quadrangle.sql.accounts.store import accounts_of


def staff_addresses(connection: Connection, account_ids: Collection[str]) -> dict[str, str]:
    """Return the addresses of those of these accounts that are active staff, by account."""
    found = accounts_of(connection, account_ids)
    return {account.account_id: account.email for account in found if is_active(account)}
