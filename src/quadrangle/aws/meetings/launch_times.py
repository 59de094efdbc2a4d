"""How long the last launches took, on DynamoDB: one document for each kind of workspace."""

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import alone, stamp_condition
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.model import Workspace

KEPT = 50
Launch = tuple[str, float]  # its key and how many seconds it took, the latest last


class DynamoLaunchTimes:
    """Implements meetings.ports.LaunchTimes."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)

    async def add(self, key: str, workspace: Workspace, seconds: float) -> None:
        retry_until_written(lambda: self._add(key, workspace, seconds))

    def _add(self, key: str, workspace: Workspace, seconds: float) -> None:
        found = self._found(workspace)
        launches = _launches(found)
        if any(known == key for known, _ in launches):
            return
        kept = [*launches, (key, seconds)][-KEPT:]
        values = {**_key(workspace), "body": msgspec.json.encode(kept).decode(), "stamp": new_id()}
        condition, given = stamp_condition(found)
        self._dynamo.write(put(self._table, values, condition, **given))

    async def recent(self, workspace: Workspace) -> list[float]:
        return [seconds for _, seconds in reversed(_launches(self._found(workspace)))]

    def _found(self, workspace: Workspace) -> Values | None:
        return self._dynamo.get(self._table, _key(workspace))


def _key(workspace: Workspace) -> Values:
    return alone("launches", workspace.value)


def _launches(found: Values | None) -> list[Launch]:
    return [] if found is None else msgspec.json.decode(found["body"], type=list[Launch])
