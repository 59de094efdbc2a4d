"""The catalog of types, locations and targets, one document on DynamoDB."""

import msgspec

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, put
from quadrangle.aws.base.tables import SETTINGS, Tables
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.issues.model import DEFAULT_CATALOG, Catalog
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict

_KEY = {"name": "issue-catalog"}


class DynamoCatalogStore:
    """Implements issues.ports.CatalogStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def load(self) -> Catalog:
        found = self._dynamo.get(self._tables.of(SETTINGS), _KEY)
        if found is None:
            return DEFAULT_CATALOG
        catalog = msgspec.json.decode(found["body"], type=Catalog)
        return msgspec.structs.replace(catalog, version=found["version"])

    async def save(self, catalog: Catalog, change: Change) -> Catalog:
        saved = msgspec.structs.replace(catalog, version=catalog.version + 1)
        body = msgspec.json.encode(saved).decode()
        values = {**_KEY, "body": body, "version": saved.version}
        if saved.version == 1:
            written = put(self._tables.of(SETTINGS), values, "attribute_not_exists(#name)")
        else:
            written = put(
                self._tables.of(SETTINGS), values, "#version = :before", before=catalog.version
            )
        changes = change_operations(self._tables.of(CHANGES), [change], saved.version)
        try:
            self._dynamo.transact(written, *changes)
        except ConditionFailed as error:
            raise Conflict() from error
        return saved
