"""What every outbox keeps: each mail once, how its delivery went, and how many there are."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.mail import Mail
from quadrangle.mail.model import DELIVER, MailState, OutboxEntry
from quadrangle.sql.database import Database
from quadrangle.sql.outbox import SqlOutbox
from quadrangle.sql.tables import jobs, mails

QUEUED, KEPT, SENT, FAILED = MailState


def letter(key: str = "", **fields) -> Mail:
    text = {"to": "ada@campus.example", "subject": "Hello", "text": "Text", "html": "<p>Text</p>"}
    return Mail(key or new_id(), **text | fields)


@pytest.fixture
def outbox(database: Database, clock: ManualClock) -> SqlOutbox:
    return SqlOutbox(database, clock)


async def entries(outbox: SqlOutbox, state: MailState | None = None) -> list[OutboxEntry]:
    """All mails, newest first."""
    found: list[OutboxEntry] = []
    cursor = None
    while True:
        page = await outbox.page(state, 3, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


async def queued(outbox: SqlOutbox, **fields) -> str:
    """Enqueue one mail and return its id."""
    await outbox.enqueue(letter(**fields))
    return (await outbox.page(None, 1, None)).items[0].mail_id


async def waiting_jobs(database: Database) -> list[str]:
    """The mails that have a delivery job waiting."""
    query = select(jobs.c.payload).where(jobs.c.function == DELIVER, jobs.c.state == "ready")
    rows = await database.read(lambda c: c.execute(query).scalars().all())
    return [msgspec.json.decode(row)["mailId"] for row in rows]


# -- putting in -------------------------------------------------------------------------------


async def test_a_mail_waits_with_a_job_that_delivers_it(outbox, database, clock):
    mail = letter("alert:1:ada", subject="Grüße 📶", text="a\nb", html="<p>“a” & b</p>")
    await outbox.enqueue(mail)
    (entry,) = await entries(outbox)
    assert entry == OutboxEntry(
        entry.mail_id,
        "ada@campus.example",
        "Grüße 📶",
        QUEUED,
        0,
        None,
        to_text(clock.now()),
        None,
        None,
    )
    found = await outbox.get(entry.mail_id)
    assert found is not None
    assert (found.entry, found.mail) == (entry, mail)
    assert await waiting_jobs(database) == [entry.mail_id]


async def test_a_repeated_reaction_writes_no_mail_twice(outbox, database):
    first, second, third = letter("a"), letter("b"), letter("c")
    await outbox.enqueue(first, second)
    await outbox.enqueue(second, third, third)
    await outbox.enqueue(first)
    await outbox.enqueue()
    assert len(await entries(outbox)) == 3
    assert len(await waiting_jobs(database)) == 3
    assert (await outbox.counts())[QUEUED] == 3


async def test_the_first_mail_of_a_key_stays(outbox):
    mail_id = await queued(outbox, key="a", subject="first")
    await outbox.enqueue(letter("a", subject="second"))
    assert (await outbox.get(mail_id)).mail.subject == "first"


async def test_mails_from_many_reactions_at_once(outbox, database):
    await asyncio.gather(*(outbox.enqueue(letter(str(n % 10))) for n in range(50)))
    assert len(await entries(outbox)) == 10
    assert len(await waiting_jobs(database)) == 10


async def test_characters_no_database_takes_do_not_stop_a_mail(outbox):
    mail_id = await queued(outbox, text="a\0b \ud83d c")
    assert (await outbox.get(mail_id)).mail.text == "ab ? c"


# -- how delivery went ------------------------------------------------------------------------


async def test_a_mail_is_delayed_and_then_sent(outbox, clock):
    mail_id = await queued(outbox)
    later = clock.now() + timedelta(minutes=4)
    await outbox.mark_delayed(mail_id, "451 come back", later)
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts, entry.last_error) == (QUEUED, 1, "451 come back")
    assert entry.next_attempt_at == to_text(later)
    clock.advance(timedelta(minutes=4))
    await outbox.mark_sent(mail_id, clock.now())
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts, entry.last_error) == (SENT, 2, None)
    assert (entry.sent_at, entry.next_attempt_at) == (to_text(clock.now()), None)


async def test_a_mail_fails_or_is_kept(outbox):
    failed, kept = await queued(outbox), await queued(outbox)
    await outbox.mark_failed(failed, "550 no such user")
    await outbox.mark_kept(kept)
    by_id = {entry.mail_id: entry for entry in await entries(outbox)}
    assert (by_id[failed].state, by_id[failed].attempts) == (FAILED, 1)
    assert by_id[failed].last_error == "550 no such user"
    assert (by_id[kept].state, by_id[kept].attempts) == (KEPT, 0)


async def test_a_late_loser_does_not_undo_that_a_mail_was_sent(outbox, clock):
    mail_id = await queued(outbox)
    await outbox.mark_sent(mail_id, clock.now())
    await outbox.mark_failed(mail_id, "too late")
    await outbox.mark_delayed(mail_id, "too late", clock.now())
    await outbox.mark_kept(mail_id)
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts, entry.last_error) == (SENT, 1, None)


async def test_a_mail_sent_by_the_loser_of_a_race_counts_as_sent(outbox, clock):
    mail_id = await queued(outbox)
    await outbox.mark_failed(mail_id, "550")
    await outbox.mark_sent(mail_id, clock.now())
    assert (await outbox.counts()) == {QUEUED: 0, KEPT: 0, SENT: 1, FAILED: 0}


@pytest.mark.parametrize("state", [KEPT, SENT, FAILED])
async def test_any_mail_but_a_queued_one_is_queued_again(outbox, database, clock, state):
    mail_id = await queued(outbox)
    await database.write(lambda c: c.execute(jobs.delete()))  # the job has run
    await _put(outbox, mail_id, state, clock)
    entry = await outbox.requeue(mail_id, clock.now())
    assert (entry.state, entry.attempts, entry.last_error) == (QUEUED, 0, None)
    assert (entry.sent_at, entry.next_attempt_at) == (None, None)
    assert entry == (await entries(outbox))[0]
    assert await waiting_jobs(database) == [mail_id]


async def test_a_queued_mail_is_not_queued_twice(outbox, database, clock):
    mail_id = await queued(outbox)
    with pytest.raises(Conflict, match="already waiting"):
        await outbox.requeue(mail_id, clock.now())
    assert await waiting_jobs(database) == [mail_id]


async def test_a_mail_that_is_not_there(outbox, clock):
    missing = new_id()
    assert await outbox.get(missing) is None
    with pytest.raises(NotFound):
        await outbox.requeue(missing, clock.now())
    await outbox.mark_sent(missing, clock.now())
    await outbox.mark_failed(missing, "550")
    assert sum((await outbox.counts()).values()) == 0


# -- lists ------------------------------------------------------------------------------------


async def test_pages_go_newest_first_and_new_mails_do_not_disturb_them(outbox, clock):
    for n in range(7):
        await outbox.enqueue(letter(subject=str(n)))
    page = await outbox.page(None, 3, None)
    assert [entry.subject for entry in page.items] == ["6", "5", "4"]
    await outbox.enqueue(letter(subject="new"))
    page = await outbox.page(None, 3, page.next_cursor)
    assert [entry.subject for entry in page.items] == ["3", "2", "1"]
    page = await outbox.page(None, 3, page.next_cursor)
    assert [entry.subject for entry in page.items] == ["0"]
    assert page.next_cursor is None


async def test_a_page_of_one_state(outbox, clock):
    ids = [await queued(outbox) for _ in range(6)]
    for mail_id in ids[::2]:
        await outbox.mark_sent(mail_id, clock.now())
    assert [e.mail_id for e in await entries(outbox, SENT)] == ids[::2][::-1]
    assert [e.mail_id for e in await entries(outbox, QUEUED)] == ids[1::2][::-1]
    assert await entries(outbox, FAILED) == []


@pytest.mark.parametrize(
    "cursor", ["?", "bnVsbA", "Wy0xXQ", "WzFlOTld", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"]
)
async def test_a_cursor_that_is_not_ours(outbox, cursor):
    with pytest.raises(InvalidInput):
        await outbox.page(None, 3, cursor)


async def _put(outbox: SqlOutbox, mail_id: str, state: MailState, clock: ManualClock) -> None:
    if state is SENT:
        await outbox.mark_sent(mail_id, clock.now())
    elif state is FAILED:
        await outbox.mark_failed(mail_id, "550")
    elif state is KEPT:
        await outbox.mark_kept(mail_id)
    else:
        try:
            await outbox.requeue(mail_id, clock.now())
        except Conflict:
            found = await outbox.get(mail_id)
            assert found is not None
            assert found.entry.state is QUEUED


_STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, *MailState])), max_size=12)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS)
async def test_counts_agree_with_the_mails_whatever_happens(database, clock, steps):
    """`None` enqueues the key of that number, a state moves its mail there if it may."""
    outbox = SqlOutbox(database, clock)
    for number, state in steps:
        found = [e for e in await entries(outbox) if e.to == f"{number}@campus.example"]
        if state is None:
            await outbox.enqueue(letter(str(number), to=f"{number}@campus.example"))
        elif found:
            await _put(outbox, found[0].mail_id, state, clock)
    counted = select(mails.c.state, func.count()).group_by(mails.c.state)
    rows = await database.read(lambda c: c.execute(counted).all())
    assert {s: n for s, n in (await outbox.counts()).items() if n} == {
        MailState(state): n for state, n in rows
    }
