"""Statistics count the days of the campus, on every store."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quadrangle.issues.catalog import Catalogs
from quadrangle.issues.model import DEFAULT_CATALOG, Catalog, Status
from quadrangle.issues.overview.overview import Overview
from quadrangle.issues.ports import DayCount
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import beginning_of, day_of, zone_of
from quadrangle.sql.issues.projection import rebuild
from tests.contracts.issues.desks import STAFF, Desk, SqlDesk

AUCKLAND = ZoneInfo("Pacific/Auckland")
EVENING = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)  # 11:00 on the 22nd there
TYPES = [kind.name for kind in DEFAULT_CATALOG.issue_types]


class DefaultCatalog:
    """Implements issues.ports.CatalogStore with the one that never changes."""

    async def load(self) -> Catalog:
        return DEFAULT_CATALOG

    async def save(self, catalog: Catalog, change: Change) -> Catalog:
        raise NotImplementedError


async def two_days(desk: Desk) -> None:
    """Report at 23:00 and 01:00 there, and resolve both at 02:00."""
    midnight = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
    reported = []
    for at in (midnight - timedelta(hours=1), midnight + timedelta(hours=1)):
        desk.clock.advance(at - desk.clock.now())
        reported.append(await desk.report())
    desk.clock.advance(midnight + timedelta(hours=2) - desk.clock.now())
    for issue in reported:
        await desk.edit(issue, status=Status.RESOLVED)


async def test_days_begin_at_midnight_of_the_campus(desk: Desk):
    desk.zone = AUCKLAND
    await two_days(desk)
    await desk.project()
    catalogs = Catalogs(DefaultCatalog(), desk.clock)
    nobody: Any = None
    overview = Overview(desk.store, catalogs, desk.clock, nobody, AUCKLAND)
    desk.clock.advance(EVENING - desk.clock.now())
    first, last, data = await overview.statistics(2, STAFF)
    assert (first, last) == ("2026-11-21", "2026-11-22")
    assert data.days == [DayCount("2026-11-21", 1, 0), DayCount("2026-11-22", 1, 2)]
    assert data.all_durations is not None
    assert data.all_durations.count == 2
    before = await desk.store.statistics("2026-11-20", "2026-11-21", TYPES, AUCKLAND)
    assert before.all_durations is None


async def test_counting_anew_moves_what_was_counted_by_another_zone(desk: Desk):
    if not isinstance(desk, SqlDesk):
        pytest.skip("only databases count everything anew")
    await two_days(desk)
    await desk.project()
    await desk.database.write(lambda c: rebuild(c, AUCKLAND))
    data = await desk.store.statistics("2026-11-20", "2026-11-30", TYPES, AUCKLAND)
    assert data.days == [DayCount("2026-11-21", 1, 0), DayCount("2026-11-22", 1, 2)]


def test_days_and_their_beginnings():
    assert day_of("2026-11-21T11:00:00.000Z", AUCKLAND) == "2026-11-22"
    assert day_of("2026-11-21T10:59:59.999Z", AUCKLAND) == "2026-11-21"
    assert beginning_of("2026-11-22", AUCKLAND) == "2026-11-21T11:00:00.000Z"
    # a day on which the clock is put back has 25 hours
    berlin = zone_of("Europe/Berlin")
    assert beginning_of("2026-10-25", berlin) == "2026-10-24T22:00:00.000Z"
    assert beginning_of("2026-10-25", berlin, days_on=1) == "2026-10-25T23:00:00.000Z"
    assert zone_of("") is zone_of("UTC") is UTC
    for name in ("Europe/Nowhere", "../x"):
        with pytest.raises(ValueError, match=r"time zone|ZoneInfo"):
            zone_of(name)
