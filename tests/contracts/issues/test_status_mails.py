"""When reporters are told of a status: a minute later, and not of what was undone."""

from datetime import timedelta
from typing import Any

import pytest

from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.reactions import IssueReactions
from quadrangle.kernel.change import Change
from quadrangle.kernel.jobs import RetryLater
from quadrangle.kernel.mail import Mail
from tests.contracts.issues.desks import Desk


class Post:
    """Keeps the mails that are written."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def enqueue(self, *mails: Mail) -> None:
        self.mails += mails


async def moves(desk: Desk, issues: tuple[Issue, ...]) -> list[Change]:
    found = [each for one in issues for each in await desk.store.history(one.issue_id)]
    return [change for change in found if change.kind == "issue.status-changed"]


async def told(desk: Desk, *issues: Issue) -> list[str]:
    """Return the subjects of the mails that were written, once a minute is over."""
    post: Any = Post()
    unused: Any = None
    links = IssueLinks("https://campus.example")
    reactions = IssueReactions(
        desk.store, post, unused, unused, unused, links, "admin@x.example", desk.clock
    )
    (mail_status,) = [each for each in reactions.all() if each.name == "issues.mail-status"]
    for change in await moves(desk, issues):
        with pytest.raises(RetryLater):
            await mail_status.handle(change)
    assert post.mails == []
    desk.clock.advance(timedelta(minutes=1))
    for change in await moves(desk, issues):
        await mail_status.handle(change)
    return [mail.subject.partition(":")[0] for mail in post.mails]


async def test_five_that_are_resolved_in_one_go_and_undone_mail_nobody(desk: Desk):
    reports = [await desk.report(email="ann@campus.example") for _ in range(5)]
    resolved = [await desk.edit(issue, status=Status.RESOLVED) for issue in reports]
    for issue in resolved:
        await desk.edit(issue, status=Status.OPEN)
    assert await told(desk, *reports) == []


async def test_what_stays_is_told_once(desk: Desk):
    issue = await desk.report(email="ann@campus.example")
    begun = await desk.edit(issue, status=Status.IN_PROGRESS)
    await desk.edit(begun, status=Status.RESOLVED)
    assert await told(desk, issue) == ["Resolved"]
