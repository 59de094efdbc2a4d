"""Machines that seemed to be nobody's, on DynamoDB: one document."""

from collections.abc import Mapping

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import alone
from quadrangle.aws.meetings.tables import MEETINGS

_KEY = alone("reap-marks", "all")


class DynamoReapMarks:
    """Implements meetings.ports.ReapMarks."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)

    async def load(self) -> dict[str, str]:
        found = self._dynamo.get(self._table, _KEY)
        return {} if found is None else msgspec.json.decode(found["body"], type=dict[str, str])

    async def replace(self, marks: Mapping[str, str]) -> None:
        body = msgspec.json.encode(dict(marks)).decode()
        self._dynamo.write(put(self._table, {**_KEY, "body": body}))
