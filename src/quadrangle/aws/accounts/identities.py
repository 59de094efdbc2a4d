"""Who outside issuers' people are here, on DynamoDB.

A link is two items, written together: `identity#…` is found by issuer and subject, and the one
under `identities#<account>`, whose part is the issuer, keeps the account to one subject of each.
"""

import hashlib
from collections.abc import Sequence

import msgspec

from quadrangle.accounts.outside.model import Identity
from quadrangle.accounts.tokens.identity_ports import IdentityTaken
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Query, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import ONLY_PART, Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change

_NEW = "attribute_not_exists(#key)"
_ITEMS = 2  # of a link; changes come after them in its transaction


class DynamoIdentityStore:
    """Implements accounts.identity_ports.IdentityStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def find(self, issuer: str, subject: str) -> str | None:
        found = self._dynamo.get(self._tables.of(ACCOUNTS), _subject_key(issuer, subject))
        return None if found is None else found["accountId"]

    async def link(self, identity: Identity, changes: Sequence[Change]) -> None:
        values = values_of(identity)
        subject_key = _subject_key(identity.issuer, identity.subject)
        account_key = _account_key(identity.account_id, identity.issuer)

        def attempt() -> None:
            try:
                self._dynamo.transact(
                    put(self._tables.of(ACCOUNTS), {**values, **subject_key}, _NEW),
                    put(self._tables.of(ACCOUNTS), {**values, **account_key}, _NEW),
                    *sign_in_changes(self._tables.of(CHANGES), changes),
                )
            except ConditionFailed as error:
                if error.index < _ITEMS:
                    raise IdentityTaken() from error
                raise

        retry_until_written(attempt)

    async def of_account(self, account_id: str) -> list[Identity]:
        return self._of_account(account_id)

    async def remove_all(self, account_id: str) -> None:
        for identity in self._of_account(account_id):
            self._dynamo.transact(
                delete(self._tables.of(ACCOUNTS), _subject_key(identity.issuer, identity.subject)),
                delete(self._tables.of(ACCOUNTS), _account_key(account_id, identity.issuer)),
            )

    def _of_account(self, account_id: str) -> list[Identity]:
        key = f"identities#{account_id}"
        query = Query(self._tables.of(ACCOUNTS), "#key = :key", {"key": key})
        found = [struct_of(Identity, values) for values in self._dynamo.query(query)]
        return sorted(found, key=lambda identity: identity.issuer)


def _subject_key(issuer: str, subject: str) -> Values:
    """Hashed, as an issuer's names may be longer than a key."""
    named = msgspec.json.encode([issuer, subject])
    return {"key": f"identity#{hashlib.sha256(named).hexdigest()}", "part": ONLY_PART}


def _account_key(account_id: str, issuer: str) -> Values:
    part = hashlib.sha256(issuer.encode()).hexdigest()
    return {"key": f"identities#{account_id}", "part": part}
