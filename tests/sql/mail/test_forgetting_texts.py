"""The daily job that lets texts of mails go, with the real job engine."""

from datetime import timedelta

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.mail import Mail
from quadrangle.mail.forgetting import TextForgetting
from quadrangle.mail.model import FORGET_TEXTS
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.worker import Worker
from quadrangle.sql.mail import outbox as sql_outbox
from quadrangle.sql.mail.outbox import SqlOutbox


class Days:
    """An outbox of sent mails, and days that pass with their job."""

    def __init__(self, database: Database, clock: ManualClock, days: int) -> None:
        self._clock, jobs = clock, SqlJobs(database, clock)
        self.outbox = SqlOutbox(database, clock)
        forgetting = TextForgetting(self.outbox, jobs, clock, days)
        self._worker = Worker(database, {FORGET_TEXTS: forgetting.handle}, clock)
        self._jobs = jobs

    async def send(self, count: int) -> None:
        said = ("ada@campus.example", "Hello", "Text", "<p>Text</p>")
        await self.outbox.enqueue(*(Mail(str(n), *said) for n in range(count)))
        for entry in (await self.outbox.page(None, 100, None)).items:
            await self.outbox.mark_sent(entry.mail_id, self._clock.now())

    async def begin(self) -> None:
        await self._jobs.put(NewJob(FORGET_TEXTS, {}, name=FORGET_TEXTS))
        await self._worker.run_due()

    async def pass_by(self, days: int) -> None:
        for _ in range(days):
            self._clock.advance(timedelta(days=1))
            await self._worker.run_due()

    async def texts(self) -> int:
        ids = [entry.mail_id for entry in (await self.outbox.page(None, 100, None)).items]
        found = [await self.outbox.get(mail_id) for mail_id in ids]
        return sum(each is not None and each.text_kept for each in found)


async def test_texts_go_by_themselves_once_their_days_are_over(database, clock):
    days = Days(database, clock, 7)
    await days.begin()
    await days.send(1)
    await days.pass_by(7)
    assert await days.texts() == 1
    await days.pass_by(1)
    assert await days.texts() == 0


async def test_more_than_go_in_one_write(database, clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sql_outbox, "TEXTS_AT_ONCE", 3)
    days = Days(database, clock, 7)
    await days.send(8)
    clock.advance(timedelta(days=8))
    await days.begin()
    assert await days.texts() == 0


async def test_none_goes_where_they_are_kept_for_good(database, clock):
    days = Days(database, clock, 0)
    await days.send(1)
    await days.begin()
    await days.pass_by(3)
    clock.advance(timedelta(days=4000))
    await days.begin()
    assert await days.texts() == 1
