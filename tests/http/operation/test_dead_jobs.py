"""The dead letters over HTTP: who may see, requeue and delete them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.jobs import GiveUp, Job, NewJob
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.operation.http_dead_letters import ROUTES
from quadrangle.operation.service import Operation
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed.feed import SqlChangeFeed
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs
from quadrangle.sql.jobs.worker import Worker

STAFF = {"who": "staff"}
ADMIN = {"who": "admin"}
TEACHER = {"who": "teacher"}


def _principal(request: Request[Any, Any, Any]) -> Principal:
    who = request.headers.get("who")
    return ANYONE if who is None else Principal("Someone", Role(who))


async def _healthy() -> None:
    return


@pytest.fixture
async def client(database: Database, clock: ManualClock) -> AsyncIterator[AsyncTestClient]:
    """The routes, with three jobs that failed for good."""

    async def fail(job: Job) -> None:
        raise GiveUp(f"Number {job.payload['n']} will never do.")

    jobs = SqlJobs(database, clock)
    for n in (1, 2, 3):
        await jobs.put(NewJob("fail", {"n": n}, name="same" if n == 3 else None))
        await Worker(database, {"fail": fail}, clock).run_due()
    acts = Acts(SqlChangeFeed(database), clock)
    operation = Operation(SqlDeadLetters(database, clock), acts, _healthy)
    app = Litestar(
        ROUTES,
        dependencies={
            "principal": Provide(_principal, sync_to_thread=False),
            "operation": Provide(lambda: operation, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
    )
    async with AsyncTestClient(app) as opened:
        yield opened


@pytest.mark.smoke
async def test_staff_sees_them_page_by_page(client: AsyncTestClient, clock: ManualClock) -> None:
    first = (await client.get("/api/jobs/dead?limit=2", headers=STAFF)).json()
    assert first["count"] == 3
    assert first["jobs"][0] == {
        "jobId": first["jobs"][0]["jobId"],
        "function": "fail",
        "payload": {"n": 3},
        "attempts": 1,
        "lastError": "Number 3 will never do.",
        "failedAt": to_text(clock.now()),
    }
    query = {"limit": 2, "cursor": first["nextCursor"]}
    second = (await client.get("/api/jobs/dead", params=query, headers=STAFF)).json()
    assert [job["payload"]["n"] for job in first["jobs"] + second["jobs"]] == [3, 2, 1]
    assert second["nextCursor"] is None


@pytest.mark.smoke
async def test_staff_requeues_and_admin_deletes(
    client: AsyncTestClient, database: Database
) -> None:
    listed = (await client.get("/api/jobs/dead", headers=STAFF)).json()["jobs"]
    ids = [job["jobId"] for job in listed]
    requeued = await client.post(f"/api/jobs/dead/{ids[1]}/requeue", headers=STAFF)
    assert (requeued.status_code, requeued.content) == (202, b"")
    deleted = await client.delete(f"/api/jobs/dead/{ids[2]}", headers=ADMIN)
    assert (deleted.status_code, deleted.content) == (204, b"")
    left = (await client.get("/api/jobs/dead", headers=ADMIN)).json()
    assert [job["jobId"] for job in left["jobs"]] == ids[:1]
    assert left["count"] == 1
    told, _ = await SqlChangeFeed(database).read_after(0, 100, None)
    assert [(c.kind, c.subject) for c in told] == [
        ("job.requeued", ids[1]),
        ("job.deleted", ids[2]),
    ]


async def test_a_job_that_was_replaced_is_not_requeued(
    client: AsyncTestClient, database: Database, clock: ManualClock
) -> None:
    listed = (await client.get("/api/jobs/dead?limit=1", headers=STAFF)).json()["jobs"]
    await SqlJobs(database, clock).put(NewJob("fail", {"n": 4}, name="same"))
    answer = await client.post(f"/api/jobs/dead/{listed[0]['jobId']}/requeue", headers=STAFF)
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "lowest"),
    [
        ("GET", "/api/jobs/dead", Role.STAFF),
        ("POST", "/api/jobs/dead/1/requeue", Role.STAFF),
        ("DELETE", "/api/jobs/dead/1", Role.ADMIN),
    ],
)
async def test_nobody_else_may(client: AsyncTestClient, method, path, lowest) -> None:
    assert (await client.request(method, path)).status_code == 401
    refused = [TEACHER] if lowest is Role.STAFF else [TEACHER, STAFF]
    for who in refused:
        assert (await client.request(method, path, headers=who)).status_code == 403
    assert (await client.get("/api/jobs/dead", headers=STAFF)).json()["count"] == 3


@pytest.mark.parametrize(
    "job_id", ["999", "x", "0", "-1", "01", "%C2%B2", "99999999999999999999999"]
)
async def test_an_unknown_job_is_refused(client: AsyncTestClient, job_id: str) -> None:
    for method, path in (("POST", "/requeue"), ("DELETE", "")):
        answer = await client.request(method, f"/api/jobs/dead/{job_id}{path}", headers=ADMIN)
        assert answer.status_code == 404
        assert answer.json()["message"]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=nonsense"])
async def test_bad_queries_are_refused(client: AsyncTestClient, query: str) -> None:
    answer = await client.get(f"/api/jobs/dead?{query}", headers=STAFF)
    assert answer.status_code == 400
    assert answer.json()["message"]
