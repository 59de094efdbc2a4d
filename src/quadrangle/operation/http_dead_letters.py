"""The dead letters: jobs that used up their attempts, for staff to see, run again or delete."""

from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Response
from litestar.params import PathParameter

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import without_body
from quadrangle.http.parameters import Cursor, PageSize
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.jobs import DeadJob
from quadrangle.kernel.principal import Principal
from quadrangle.operation.service import Operation

calls = Calls("Jobs")
JobId: TypeAlias = Annotated[
    str, PathParameter(name="jobId", description="as the list of them gives it")
]


class DeadJobBody(msgspec.Struct, kw_only=True, rename="camel"):
    """A job that waits for a person. `lastError` is a sentence for staff."""

    job_id: str
    function: str
    payload: dict[str, Any]
    attempts: int
    last_error: str
    failed_at: str


class DeadJobs(msgspec.Struct, rename="camel"):
    """A page of dead jobs, last failed first; `count` is how many there are in all."""

    jobs: list[DeadJobBody]
    next_cursor: str | None
    count: int


@calls.get("/api/jobs/dead", "Jobs that failed for good (staff)", SIGNED_IN, fails=(400,))
async def dead_jobs(
    principal: Injected[Principal],
    operation: Injected[Operation],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> DeadJobs:
    found = await operation.dead_jobs(limit, cursor or None, principal)
    jobs = [_body(job) for job in found.page.items]
    return DeadJobs(jobs, found.page.next_cursor, found.count)


@calls.post(
    "/api/jobs/dead/{jobId:str}/requeue",
    "Run a dead job again (staff)",
    SIGNED_IN,
    status=202,
    fails=(409,),
    answers=without_body(202),
)
async def requeue(
    job_id: JobId, principal: Injected[Principal], operation: Injected[Operation]
) -> Response[None]:
    await operation.requeue(job_id, principal)
    empty: Any = b""  # None would be sent as the text `null`
    return Response(empty, status_code=202)


@calls.delete("/api/jobs/dead/{jobId:str}", "Delete a dead job (admin)", SIGNED_IN)
async def delete_dead(
    job_id: JobId, principal: Injected[Principal], operation: Injected[Operation]
) -> None:
    await operation.delete(job_id, principal)


def _body(job: DeadJob) -> DeadJobBody:
    return DeadJobBody(
        job_id=job.job_id,
        function=job.function,
        payload=job.payload,
        attempts=job.attempts,
        last_error=job.last_error,
        failed_at=to_text(job.failed_at),
    )


ROUTES = [dead_jobs, requeue, delete_dead]
