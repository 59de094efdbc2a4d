"""A worker process whose only job never ends: `python -m tests.sql.jobs.sleeper <url> <lease_s>`.

Says "begun" when the job's handler was called.
"""

import asyncio
import sys

from quadrangle.kernel.clock import SystemClock
from quadrangle.kernel.jobs import Job
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.worker import Worker


async def never_end(_: Job) -> None:
    print("begun", flush=True)
    await asyncio.Event().wait()


async def main() -> None:
    database = Database(sys.argv[1])
    worker = Worker(
        database, {"sleep": never_end}, SystemClock(), lease_s=float(sys.argv[2]), concurrency=1
    )
    await worker.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
