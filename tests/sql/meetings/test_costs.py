"""What lists of meetings cost does not grow with the number of meetings: each reads an index."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from quadrangle.meetings.model import Status
from quadrangle.meetings.ports import MeetingQuery
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.meetings import store

AFTER = ("2026-11-21T09:30:00.000Z", "some-id")


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    database = Database(f"sqlite:///{tmp_path / 'quadrangle.db'}")
    await migrate(database)
    await database.close()
    return tmp_path / "quadrangle.db"


def plan_of(path: Path, statement) -> str:
    text = str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    connection = sqlite3.connect(path)
    try:
        return "\n".join(row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + text))
    finally:
        connection.close()


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("after", [None, AFTER])
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "meetings_time"),
        ({"first": "2026-11-21", "last": "2026-11-28"}, "meetings_time"),
        ({"status": Status.IN_PROGRESS}, "meetings_status"),
        ({"person_id": "a"}, "meetings_teacher"),
        ({"person_id": "a", "first": "2026-11-21"}, "meetings_teacher"),
    ],
)
def test_a_page_is_read_off_an_index_in_order(path: Path, query, index, after, newest_first):
    wanted = MeetingQuery(**query, newest_first=newest_first)
    plans = [plan_of(path, each) for each in store.pages_of(wanted, after, 51)]
    assert index in plans[0]
    if len(plans) > 1:
        assert "meetings_student" in plans[1]
    for plan in plans:
        assert "TEMP B-TREE" not in plan


def test_what_a_sweep_looks_at_is_read_off_an_index(path: Path):
    plan = plan_of(path, store.due_at("2026-11-21T09:30:00.000Z", AFTER))
    assert "SEARCH meetings USING INDEX meetings_look" in plan
    assert "TEMP B-TREE" not in plan
