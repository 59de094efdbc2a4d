"""API keys on DynamoDB: items of one list, each by its id."""

from collections.abc import Sequence

from quadrangle.accounts.api_keys.rules import ApiKey
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Operation, Query, assign, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.lone_items import NEW
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change

_LIST = "api-keys"
_HOLDS = "attribute_exists(#key) AND attribute_not_exists(#revokedAt)"
_LATER = "attribute_exists(#key) AND (attribute_not_exists(#usedAt) OR #usedAt < :at)"


class DynamoApiKeys:
    """Implements accounts.api_keys.ApiKeyStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def add(self, key: ApiKey, changes: Sequence[Change]) -> None:
        values = {**_key(key.api_key_id), **values_of(key)}
        retry_until_written(
            lambda: self._write(put(self._tables.of(ACCOUNTS), values, NEW), changes)
        )

    async def get(self, api_key_id: str) -> ApiKey | None:
        found = self._dynamo.get(self._tables.of(ACCOUNTS), _key(api_key_id))
        return None if found is None else struct_of(ApiKey, found)

    async def list(self) -> list[ApiKey]:
        query = Query(self._tables.of(ACCOUNTS), "#key = :list", {"list": _LIST})
        keys = sorted(
            (struct_of(ApiKey, values) for values in self._dynamo.query(query)),
            key=lambda key: key.api_key_id,
        )
        return sorted(keys, key=lambda key: key.created_at, reverse=True)

    async def revoke(self, key: ApiKey, changes: Sequence[Change]) -> bool:
        revoked = {"revokedAt": key.revoked_at}
        operation = assign(self._tables.of(ACCOUNTS), _key(key.api_key_id), revoked, _HOLDS)

        def attempt() -> bool:
            try:
                self._write(operation, changes)
            except ConditionFailed as error:
                if error.index == 0:
                    return False
                raise
            return True

        return retry_until_written(attempt)

    async def note_use(self, api_key_id: str, at: str) -> None:
        used = {"usedAt": at}
        operation = assign(self._tables.of(ACCOUNTS), _key(api_key_id), used, _LATER, at=at)
        try:
            self._dynamo.transact(operation)
        except ConditionFailed:
            return  # a later use is known, or the key is not there

    def _write(self, operation: Operation, changes: Sequence[Change]) -> None:
        self._dynamo.transact(operation, *sign_in_changes(self._tables.of(CHANGES), changes))


def _key(api_key_id: str) -> Values:
    return {"key": _LIST, "part": api_key_id}
