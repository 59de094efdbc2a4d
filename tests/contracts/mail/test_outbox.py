"""What every outbox keeps: each mail once, how its delivery went, and how many there are."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.mail import CalendarPart
from quadrangle.mail.model import MailState, OutboxEntry
from tests.contracts.mail.letters import (
    FAILED,
    KEPT,
    OVER,
    QUEUED,
    SENT,
    entries,
    letter,
    put,
    queued,
)
from tests.properties import examples

# -- putting in -------------------------------------------------------------------------------


async def test_a_mail_waits_with_a_job_that_delivers_it(outbox, post, clock):
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
    assert await post.waiting() == [entry.mail_id]


async def test_a_repeated_reaction_writes_no_mail_twice(outbox, post):
    first, second, third = letter("a"), letter("b"), letter("c")
    await outbox.enqueue(first, second)
    await outbox.enqueue(second, third, third)
    await outbox.enqueue(first)
    await outbox.enqueue()
    assert len(await entries(outbox)) == 3
    assert len(await post.waiting()) == 3
    assert (await outbox.counts())[QUEUED] == 3


async def test_the_first_mail_of_a_key_stays(outbox):
    mail_id = await queued(outbox, key="a", subject="first")
    await outbox.enqueue(letter("a", subject="second"))
    assert (await outbox.get(mail_id)).mail.subject == "first"


@pytest.mark.parametrize("private", [True, False])
async def test_it_is_remembered_whether_a_mail_is_private(outbox, private):
    await outbox.enqueue(letter(private=private))
    (listed,) = (await outbox.page(None, 10, None)).items
    found = await outbox.get(listed.mail_id)
    assert (listed.private, found.entry.private, found.mail.private) == (private,) * 3


async def test_a_mail_is_kept_with_its_invitation(outbox):
    calendar = CalendarPart(
        "REQUEST", "BEGIN:VCALENDAR\r\nSUMMARY:Grüße\\, 😀\r\nEND:VCALENDAR\r\n"
    )
    mail_id = await queued(outbox, calendar=calendar)
    other = await queued(outbox)
    assert (await outbox.get(mail_id)).mail.calendar == calendar
    assert (await outbox.get(other)).mail.calendar is None


async def test_mails_from_many_reactions_at_once(outbox, post):
    await asyncio.gather(*(outbox.enqueue(letter(str(n % 10))) for n in range(50)))
    assert len(await entries(outbox)) == 10
    assert len(await post.waiting()) == 10


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


async def test_a_mail_that_is_of_no_use_any_more_is_left_out_with_the_reason(outbox):
    mail_id = await queued(outbox)
    await outbox.mark_over(mail_id, "Accepted meanwhile.")
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts) == (OVER, 0)
    assert (entry.last_error, entry.next_attempt_at) == ("Accepted meanwhile.", None)
    assert await entries(outbox, OVER) == [entry]
    assert (await outbox.counts()) == {QUEUED: 0, KEPT: 0, SENT: 0, FAILED: 0, OVER: 1}


async def test_a_late_loser_does_not_undo_that_a_mail_was_sent(outbox, clock):
    mail_id = await queued(outbox)
    await outbox.mark_sent(mail_id, clock.now())
    await outbox.mark_failed(mail_id, "too late")
    await outbox.mark_delayed(mail_id, "too late", clock.now())
    await outbox.mark_kept(mail_id)
    await outbox.mark_over(mail_id, "too late")
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts, entry.last_error) == (SENT, 1, None)


async def test_a_mail_sent_by_the_loser_of_a_race_counts_as_sent(outbox, clock):
    mail_id = await queued(outbox)
    await outbox.mark_failed(mail_id, "550")
    await outbox.mark_sent(mail_id, clock.now())
    assert (await outbox.counts()) == {QUEUED: 0, KEPT: 0, SENT: 1, FAILED: 0, OVER: 0}


@pytest.mark.parametrize("state", [KEPT, SENT, FAILED, OVER])
async def test_any_mail_but_a_queued_one_is_queued_again(outbox, post, clock, state):
    mail_id = await queued(outbox)
    await post.run_jobs()
    await put(outbox, mail_id, state, clock)
    entry = await outbox.requeue(mail_id, clock.now())
    assert (entry.state, entry.attempts, entry.last_error) == (QUEUED, 0, None)
    assert (entry.sent_at, entry.next_attempt_at) == (None, None)
    assert entry == (await entries(outbox))[0]
    assert await post.waiting() == [mail_id]


async def test_a_queued_mail_is_not_queued_twice(outbox, post, clock):
    mail_id = await queued(outbox)
    with pytest.raises(Conflict, match="already waiting"):
        await outbox.requeue(mail_id, clock.now())
    assert await post.waiting() == [mail_id]


async def test_a_mail_that_is_not_there(outbox, clock):
    missing = new_id()
    assert await outbox.get(missing) is None
    with pytest.raises(NotFound):
        await outbox.requeue(missing, clock.now())
    await outbox.mark_sent(missing, clock.now())
    await outbox.mark_failed(missing, "550")
    assert sum((await outbox.counts()).values()) == 0


# -- counts ------------------------------------------------------------------------------------


_STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, *MailState])), max_size=12)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
async def test_counts_agree_with_the_mails_whatever_happens(post, clock, steps):
    """`None` enqueues the key of that number, a state moves its mail there if it may."""
    outbox = post.outbox
    for number, state in steps:
        found = [e for e in await entries(outbox) if e.to == f"{number}@campus.example"]
        if state is None:
            await post.queue.enqueue(letter(str(number), to=f"{number}@campus.example"))
        elif found:
            await put(outbox, found[0].mail_id, state, clock)
    assert {s: n for s, n in (await outbox.counts()).items() if n} == await post.counted()
