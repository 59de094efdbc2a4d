"""Lets the texts of mails go once a day, where the store does not do so by itself."""

from datetime import datetime, timedelta
from typing import Protocol

import structlog

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import Job, Jobs, NewJob
from quadrangle.mail.model import FORGET_TEXTS

log = structlog.get_logger(__name__)

EVERY = timedelta(days=1)


class ForgetfulOutbox(Protocol):
    """An outbox that is told when texts go."""

    async def forget_texts(self, before: datetime) -> int:
        """Let the texts go of mails that were last to be sent before an instant, unless they wait
        to be sent; return of how many. Raises Unavailable."""
        ...


class TextForgetting:
    """What does so, as a job that asks for the next one. `days` 0 keeps texts for good."""

    def __init__(self, outbox: ForgetfulOutbox, jobs: Jobs, clock: Clock, days: int) -> None:
        self._outbox = outbox
        self._jobs = jobs
        self._clock = clock
        self._days = days

    async def handle(self, job: Job) -> None:
        if not self._days:
            return
        now = self._clock.now()
        await self._jobs.put(NewJob(FORGET_TEXTS, {}, now + EVERY, FORGET_TEXTS))
        count = await self._outbox.forget_texts(now - timedelta(days=self._days))
        if count:
            log.info("texts of mails are no longer kept", count=count)
