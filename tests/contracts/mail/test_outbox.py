"""What every outbox keeps: each mail once, how its delivery went, and how many there are."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Jobs, NewJob
from quadrangle.kernel.mail import CalendarPart
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.mail.ports import Outbox
from tests.contracts.mail.posts import DynamoPost, letter
from tests.properties import examples
from tests.standin.server import StandIn

QUEUED, KEPT, SENT, FAILED, OVER = MailState


async def entries(outbox: Outbox, state: MailState | None = None) -> list[OutboxEntry]:
    """All mails, newest first."""
    found: list[OutboxEntry] = []
    cursor = None
    while True:
        page = await outbox.page(state, 3, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


async def queued(outbox, **fields) -> str:
    """Enqueue one mail and return its id."""
    await outbox.enqueue(letter(**fields))
    return (await outbox.page(None, 1, None)).items[0].mail_id


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
    await _put(outbox, mail_id, state, clock)
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


# -- forgetting ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [KEPT, SENT, FAILED, OVER])
async def test_a_forgotten_mail_says_nothing_any_more(outbox, post, clock, state):
    written = "Ada@Campus.example"  # as a reporter typed it
    calendar = CalendarPart("CANCEL", "ATTENDEE:mailto:ada@campus.example")
    forgotten = await queued(
        outbox, key=f"report:1:{written}", to=written, subject="Dear Ada", calendar=calendar
    )
    other = await queued(outbox, to="bo@campus.example")
    await outbox.mark_delayed(forgotten, "451 not now, ada@campus.example", clock.now())
    for mail_id in (forgotten, other):
        await _put(outbox, mail_id, state, clock)
    await outbox.forget("ada@campus.example")
    await outbox.forget("ada@campus.example")
    found = await outbox.get(forgotten)
    assert found is not None
    assert (found.entry.to, found.entry.subject, found.entry.last_error) == ("", "", None)
    assert (found.mail.text, found.mail.html, found.mail.calendar) == ("", "", None)
    assert (found.entry.state, found.entry.erased) == (state, True)
    assert "ada@campus.example" not in (await post.stored()).lower()
    with pytest.raises(Conflict, match="erased"):
        await outbox.requeue(forgotten, clock.now())
    kept = await outbox.get(other)
    assert kept is not None
    assert (kept.entry.to, kept.entry.erased, kept.mail.text) == (
        "bo@campus.example",
        False,
        "Text",
    )
    counts = await outbox.counts()
    assert counts[state] == 2
    assert {s: n for s, n in counts.items() if n} == await post.counted()


@pytest.mark.parametrize("state", [KEPT, SENT, FAILED, OVER])
async def test_a_mail_that_waits_is_sent_before_it_is_forgotten(outbox, post, clock, state):
    mail_id = await queued(outbox)
    await outbox.forget("ada@campus.example")
    await outbox.mark_delayed(mail_id, "451", clock.now())
    found = await outbox.get(mail_id)
    assert found is not None
    assert (found.mail.to, found.mail.text) == ("ada@campus.example", "Text")
    await _put(outbox, mail_id, state, clock)
    found = await outbox.get(mail_id)
    assert found is not None
    assert (found.entry.erased, found.entry.state, found.mail.text) == (True, state, "")
    assert "ada@campus.example" not in await post.stored()


# -- texts that are kept no more ----------------------------------------------------------------


@pytest.mark.parametrize("state", [SENT, FAILED, OVER])
async def test_what_a_mail_says_is_kept_for_ninety_days(outbox, post, clock, state):
    calendar, words = CalendarPart("REQUEST", "SUMMARY:Secret words"), "Secret words"
    mail_id = await queued(outbox, text=words, html=f"<p>{words}</p>", calendar=calendar)
    await _put(outbox, mail_id, state, clock)
    before = (await entries(outbox))[0]
    clock.advance(timedelta(days=89, hours=23))
    await post.let_texts_go()
    found = await outbox.get(mail_id)
    assert (found.text_kept, found.mail.text, found.mail.calendar) == (
        *(True, "Secret words"),
        calendar,
    )
    clock.advance(timedelta(hours=2))
    await post.let_texts_go()
    await post.let_texts_go()
    found = await outbox.get(mail_id)
    assert (found.text_kept, found.mail.text, found.mail.html) == (False, "", "")
    assert found.mail.calendar is None
    assert "Secret words" not in await post.stored()
    # its line stays
    assert (found.entry, found.entry.erased) == (before, False)
    assert await entries(outbox) == [before]
    with pytest.raises(Conflict, match="no longer kept"):
        await outbox.requeue(mail_id, clock.now())
    assert {s: n for s, n in (await outbox.counts()).items() if n} == {state: 1}


async def test_sending_again_begins_the_ninety_days_anew(outbox, post, clock):
    mail_id = await queued(outbox)
    await outbox.mark_failed(mail_id, "550")
    clock.advance(timedelta(days=60))
    await outbox.requeue(mail_id, clock.now())
    await outbox.mark_failed(mail_id, "550")
    clock.advance(timedelta(days=60))
    await post.let_texts_go()
    found = await outbox.get(mail_id)
    assert (found.text_kept, found.mail.text) == (True, "Text")
    clock.advance(timedelta(days=31))
    await post.let_texts_go()
    assert not (await outbox.get(mail_id)).text_kept


async def test_what_is_kept_for_a_mail_server_keeps_its_text(outbox, post, clock):
    mail_id = await queued(outbox)
    await outbox.mark_kept(mail_id)
    clock.advance(timedelta(days=400))
    await post.let_texts_go()
    found = await outbox.get(mail_id)
    assert (found.text_kept, found.mail.text) == (True, "Text")
    await outbox.requeue(mail_id, clock.now())
    await outbox.mark_sent(mail_id, clock.now())
    clock.advance(timedelta(days=91))
    await post.let_texts_go()
    assert not (await outbox.get(mail_id)).text_kept


async def test_a_mail_without_its_text_is_erased_like_others(outbox, post, clock):
    mail_id = await queued(outbox)
    await outbox.mark_sent(mail_id, clock.now())
    clock.advance(timedelta(days=91))
    await post.let_texts_go()
    await outbox.forget("ada@campus.example")
    found = await outbox.get(mail_id)
    assert (found.entry.erased, found.text_kept) == (True, False)
    assert "ada@campus.example" not in await post.stored()
    with pytest.raises(Conflict, match="erased"):
        await outbox.requeue(mail_id, clock.now())


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


async def _put(outbox: Outbox, mail_id: str, state: MailState, clock: ManualClock) -> None:
    if state is SENT:
        await outbox.mark_sent(mail_id, clock.now())
    elif state is FAILED:
        await outbox.mark_failed(mail_id, "550")
    elif state is OVER:
        await outbox.mark_over(mail_id, "Accepted meanwhile.")
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
            await _put(outbox, found[0].mail_id, state, clock)
    assert {s: n for s, n in (await outbox.counts()).items() if n} == await post.counted()


# -- between writing a mail and queueing it: DynamoDB only, SQL does both at once ---------------


class BrokenJobs:
    """Jobs that cannot be put while `broken`."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.broken = True

    async def put(self, *new: NewJob) -> None:
        if self.broken:
            raise Unavailable()
        await self._jobs.put(*new)

    async def cancel(self, name: str) -> bool:
        return await self._jobs.cancel(name)


@pytest.fixture
def dynamo_post(standin: StandIn, clock: ManualClock) -> DynamoPost:
    return DynamoPost(standin, clock)


def with_broken_jobs(post: DynamoPost, clock: ManualClock) -> tuple[DynamoOutbox, BrokenJobs]:
    jobs = BrokenJobs(post.jobs)
    return DynamoOutbox(post.dynamo, post.tables, jobs, clock), jobs


async def test_a_mail_saved_before_a_crash_is_queued_by_the_repeat(dynamo_post, clock):
    outbox, broken = with_broken_jobs(dynamo_post, clock)
    with pytest.raises(Unavailable):
        await outbox.enqueue(letter("a"), letter("b"))
    saved = await entries(outbox)
    assert len(saved) == 2
    assert await dynamo_post.waiting() == []
    broken.broken = False
    await outbox.enqueue(letter("a"), letter("b"))
    await outbox.enqueue(letter("a"), letter("b"))
    assert sorted(await dynamo_post.waiting()) == sorted(entry.mail_id for entry in saved)
    assert (await outbox.counts())[QUEUED] == 2


async def test_a_resend_that_broke_off_is_no_conflict(dynamo_post, clock):
    outbox, broken = with_broken_jobs(dynamo_post, clock)
    broken.broken = False
    mail_id = await queued(outbox)
    await outbox.mark_failed(mail_id, "550")
    await dynamo_post.run_jobs()
    broken.broken = True
    with pytest.raises(Unavailable):
        await outbox.requeue(mail_id, clock.now())
    broken.broken = False
    entry = await outbox.requeue(mail_id, clock.now())
    assert (entry.state, entry.attempts) == (QUEUED, 0)
    assert await dynamo_post.waiting() == [mail_id]
    with pytest.raises(Conflict):
        await outbox.requeue(mail_id, clock.now())


async def test_a_delivery_faster_than_the_mark_is_not_undone(dynamo_post, clock):
    class Eager(BrokenJobs):
        async def put(self, *new: NewJob) -> None:
            for job in new:
                await dynamo_post.outbox.mark_sent(job.payload["mailId"], clock.now())

    jobs = Eager(dynamo_post.jobs)
    outbox = DynamoOutbox(dynamo_post.dynamo, dynamo_post.tables, jobs, clock)
    await outbox.enqueue(letter("a"))
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts) == (SENT, 1)
