"""Requests of API keys, counted for all containers together: one number per key and hour."""

from datetime import UTC, datetime, timedelta

from quadrangle.accounts.api_keys.rules import Plan
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.lone_items import alone, second_after
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.kernel.errors import TooManyRequests

_HOUR = timedelta(hours=1)


class DynamoRequestCounter:
    """Implements accounts.api_keys.RequestCounter; hours are those of the clock, in UTC."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def take(self, api_key_id: str, plan: Plan, now: datetime) -> int:
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        end = hour + _HOUR
        count = self._dynamo.count_one(
            self._tables.of(ACCOUNTS),
            alone("usage", f"{api_key_id}#{hour:%Y-%m-%dT%H}"),
            "requests",
            {EXPIRES: second_after(end + _HOUR)},
        )
        if count > plan.per_hour:
            raise TooManyRequests(retry_after_s=(end - now).total_seconds())
        return plan.per_hour - count
