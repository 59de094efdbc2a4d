"""Of what people want to be reminded, on DynamoDB."""

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, delete, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import alone
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.meetings.calendar.model import ReminderChoice


class DynamoReminderChoices:
    """Implements meetings.calendar.ports.ReminderChoices."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)

    async def get(self, account_id: str) -> ReminderChoice:
        found = self._dynamo.get(self._table, _key(account_id))
        if found is None:
            return ReminderChoice()
        return msgspec.json.decode(found["body"], type=ReminderChoice)

    async def put(self, account_id: str, choice: ReminderChoice) -> None:
        body = msgspec.json.encode(choice).decode()
        self._dynamo.write(put(self._table, {**_key(account_id), "body": body}))

    async def remove(self, account_id: str) -> None:
        self._dynamo.transact(delete(self._table, _key(account_id)))


def _key(account_id: str) -> Values:
    return alone("reminders", account_id)
