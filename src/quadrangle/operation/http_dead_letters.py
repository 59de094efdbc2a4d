"""The dead letters: jobs that used up their attempts, for staff to see, run again or delete."""

from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Response, delete, get, post
from litestar.params import PathParameter

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import SIGNED_IN, problems, without_body
from quadrangle.http.parameters import Cursor, PageSize
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.jobs import DeadJob
from quadrangle.kernel.principal import Principal
from quadrangle.operation.service import Operation

TAGS = ["Jobs"]
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


@get(
    "/api/jobs/dead",
    return_dto=None,
    summary="Jobs that failed for good (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=problems(400, 401, 403),
)
async def dead_jobs(
    principal: Injected[Principal],
    operation: Injected[Operation],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> DeadJobs:
    found = await operation.dead_jobs(limit, cursor or None, principal)
    jobs = [_body(job) for job in found.page.items]
    return DeadJobs(jobs, found.page.next_cursor, found.count)


@post(
    "/api/jobs/dead/{jobId:str}/requeue",
    status_code=202,
    summary="Run a dead job again (staff)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(202) | problems(401, 403, 404, 409),
)
async def requeue(
    job_id: JobId, principal: Injected[Principal], operation: Injected[Operation]
) -> Response[None]:
    await operation.requeue(job_id, principal)
    empty: Any = b""  # None would be sent as the text `null`
    return Response(empty, status_code=202)


@delete(
    "/api/jobs/dead/{jobId:str}",
    summary="Delete a dead job (admin)",
    tags=TAGS,
    security=SIGNED_IN,
    responses=without_body(204) | problems(401, 403, 404),
)
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
