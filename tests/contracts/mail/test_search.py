"""Mails found by an address, the number of a report, or words of the subject, on every store."""

import pytest

from quadrangle.kernel.errors import InvalidInput
from quadrangle.mail.model import MailState
from quadrangle.mail.ports import Outbox
from quadrangle.mail.search import search_for
from tests.contracts.mail.letters import letter
from tests.contracts.mail.posts import Post

ADA, BO = "Ada@Campus.example", "bo_1@campus.example"
RECEIVED = "We have your report: Network at Café Süd [1a2b3c4d]"
SOLVED = "Resolved: 100 % Light at Hall 1 [99999999]"


async def found(
    outbox: Outbox, typed: str, state: MailState | None = None, limit: int = 10
) -> list[str]:
    """What a search finds on all its pages, as "<to> <subject>", newest first."""
    lines: list[str] = []
    cursor = None
    while True:
        page = await outbox.page(state, limit, cursor, search_for(typed))
        assert len(page.items) <= limit
        lines += [f"{mail.to} {mail.subject}" for mail in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return lines


@pytest.fixture
async def filled(outbox: Outbox) -> Outbox:
    await outbox.enqueue(letter(to=ADA, subject=RECEIVED))
    await outbox.enqueue(letter(to=BO, subject=RECEIVED))
    await outbox.enqueue(letter(to=ADA, subject=SOLVED))
    return outbox


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("ada@campus.example", [2, 0]),
        ("ADA", [2, 0]),
        ("1a2b3c4d", [1, 0]),
        ("#1A2B3C4D", [1, 0]),
        ("No. 1a2b3c4d", [1, 0]),
        ("Re: We have your report: [1a2b3c4d]", [1, 0]),
        ("café süd", [1, 0]),
        ("CAFÉ SÜD", [1, 0]),
        ("network ada", [0]),
        ("work", [1, 0]),
        ("100 %", [2]),
        ("bo_1", [1]),
        ("o_t", []),
        ("n%t", []),
        ("\\", []),
        ("\0", [2, 1, 0]),
        ("ada bo_1", []),
        ("campus.example [", [2, 1, 0]),
        ("", [2, 1, 0]),
        (" ", [2, 1, 0]),
    ],
)
async def test_what_is_typed_finds_mails_newest_first(filled, typed, numbers):
    mails = [f"{ADA} {RECEIVED}", f"{BO} {RECEIVED}", f"{ADA} {SOLVED}"]
    assert await found(filled, typed) == [mails[number] for number in numbers]


async def test_a_search_within_one_state(filled, clock):
    newest = (await filled.page(None, 1, None)).items[0]
    await filled.mark_sent(newest.mail_id, clock.now())
    assert await found(filled, "ada", MailState.SENT) == [f"{ADA} {SOLVED}"]
    assert await found(filled, "ada", MailState.QUEUED) == [f"{ADA} {RECEIVED}"]
    assert await found(filled, "ada", MailState.FAILED) == []


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_a_search_goes_on_through_all_mails_a_part_with_each_call(
    outbox: Outbox, post: Post, limit: int
):
    for number in range(12):
        to = ADA if number % 5 == 0 else BO
        await outbox.enqueue(letter(to=to, subject=f"Number {number}"))
    post.search_through(4)
    first = await outbox.page(None, limit, None, search_for("ada"))
    assert [mail.subject for mail in first.items] == ["Number 10"]
    assert first.next_cursor is not None
    assert await found(outbox, "ada", limit=limit) == [f"{ADA} Number {n}" for n in (10, 5, 0)]
    numbers = [f"{BO} Number {n}" for n in range(11, -1, -1) if n % 5]
    assert await found(outbox, "bo_1", limit=limit) == numbers
    assert await found(outbox, "nobody", limit=limit) == []


async def test_a_mail_that_was_erased_is_not_found(filled, clock):
    for mail in (await filled.page(None, 10, None)).items:
        await filled.mark_sent(mail.mail_id, clock.now())
    await filled.forget(ADA)
    assert await found(filled, "ada") == []
    assert await found(filled, "1a2b3c4d") == [f"{BO} {RECEIVED}"]


async def test_a_cursor_that_is_not_ours(outbox: Outbox):
    with pytest.raises(InvalidInput):
        await outbox.page(None, 10, "x", search_for("ada"))
