"""What an outbox forgets: mails of an address, and texts whose time is over."""

from datetime import timedelta

import pytest

from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.mail import CalendarPart
from tests.contracts.mail.letters import FAILED, KEPT, OVER, SENT, entries, put, queued

# -- mails of an address ------------------------------------------------------------------------


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
        await put(outbox, mail_id, state, clock)
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
    await put(outbox, mail_id, state, clock)
    found = await outbox.get(mail_id)
    assert found is not None
    assert (found.entry.erased, found.entry.state, found.mail.text) == (True, state, "")
    assert "ada@campus.example" not in await post.stored()


# -- texts that are kept no more ----------------------------------------------------------------


@pytest.mark.parametrize("state", [SENT, FAILED, OVER])
async def test_what_a_mail_says_is_kept_for_ninety_days(outbox, post, clock, state):
    calendar, words = CalendarPart("REQUEST", "SUMMARY:Secret words"), "Secret words"
    mail_id = await queued(outbox, text=words, html=f"<p>{words}</p>", calendar=calendar)
    await put(outbox, mail_id, state, clock)
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
