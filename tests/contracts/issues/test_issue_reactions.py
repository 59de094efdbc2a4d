"""What happens with issues of who comes, goes and replies, on every store."""

from typing import Any

import pytest

from quadrangle.issues import reactions as issue_reactions
from quadrangle.issues import rules
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Status
from quadrangle.issues.numbers import number_of
from quadrangle.issues.own_reports import OwnReports
from quadrangle.issues.ports import IssueQuery
from quadrangle.issues.reactions import STATUS_WAIT, IssueReactions
from quadrangle.kernel.change import Change
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import RetryLater
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.principal import ANYONE, Principal, Role
from tests.contracts.issues.desks import Desk, triage_on
from tests.parts import whole

AT = "2026-11-21T09:30:00.000Z"
ADMIN = "admin@campus.example"
CLOSED = Change("account.closed", "account-1", {}, "Former member", AT, seq=7)
DISABLED = Change(
    "account.changed", "account-1", {"field": "active", "old": True, "new": False}, "Bo", AT, seq=7
)
DEMOTED = Change(
    "account.changed",
    "account-1",
    {"field": "role", "old": "staff", "new": "student"},
    "Bo",
    AT,
    seq=7,
)
RENAMED = Change("account.changed", "account-1", {"field": "name"}, "Bo", AT, seq=7)


class Mails:
    """Keeps mails, one of each key."""

    def __init__(self) -> None:
        self.kept: dict[str, Mail] = {}

    async def enqueue(self, *new: Mail) -> None:
        for mail in new:
            self.kept.setdefault(mail.key, mail)


class Staff:
    """Implements issues.ports.StaffDirectory with account-2 alone."""

    async def is_active_staff(self, account_id: str) -> bool:
        return account_id == "account-2"

    async def address_of(self, account_id: str) -> str | None:
        return "bo@campus.example" if account_id == "account-2" else None


class Members:
    """Implements issues.ports.MemberDirectory with nobody of staff."""

    async def name_of(self, account_id: str) -> str | None:
        return None

    async def address_of(self, account_id: str) -> str | None:
        return None

    async def was_staff(self, account_id: str) -> bool:
        return False


def reactions_on(desk: Desk, mails: Mails) -> IssueReactions:
    mail: Any = mails
    staff: Any = Staff()
    links = IssueLinks("https://report.campus.example")
    own = OwnReports(desk.store, Members(), desk.clock)
    return IssueReactions(desk.store, mail, triage_on(desk), staff, own, links, ADMIN, desk.clock)


async def called(reactions: IssueReactions, name: str, change: Change) -> None:
    (reaction,) = [each for each in reactions.all() if each.name == name]
    await reaction.handle(change)


@pytest.mark.parametrize(
    "change", [CLOSED, DISABLED, DEMOTED], ids=["closed", "disabled", "demoted"]
)
async def test_open_issues_of_who_is_no_staff_any_more_are_free_again(desk: Desk, change: Change):
    mine = await desk.edit(await desk.report(), assignee_id="account-1")
    going = await desk.edit(await desk.report(), assignee_id="account-1", status=Status.IN_PROGRESS)
    done = await desk.edit(await desk.report(), assignee_id="account-1", status=Status.RESOLVED)
    theirs = await desk.edit(await desk.report(), assignee_id="account-2")
    mails = Mails()
    for _ in range(2):
        await whole(reactions_on(desk, mails).release, change)
    for issue, assignee in (
        (mine, None),
        (going, None),
        (done, "account-1"),
        (theirs, "account-2"),
    ):
        now = await desk.store.get(issue.issue_id)
        assert now is not None
        assert now.assignee_id == assignee
    last = (await desk.store.history(mine.issue_id))[-2:]
    assert [(each.kind, each.actor) for each in last] == [
        ("issue.assigned", "Staff member"),
        ("issue.assigned", "Quadrangle"),
    ]
    (mail,) = mails.kept.values()
    assert (mail.to, mail.subject) == (ADMIN, "2 issues have nobody any more")
    for issue in (mine, going):
        assert f"Network at Library [{number_of(issue.issue_id)}]" in mail.text
    assert "https://report.campus.example/desk?assigneeId=none" in mail.text


async def test_more_issues_than_are_freed_at_once_are_told_of_in_one_mail(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(issue_reactions, "RELEASED_AT_ONCE", 2)
    for _ in range(5):
        await desk.edit(await desk.report(), assignee_id="account-1")
    mails = Mails()
    await whole(reactions_on(desk, mails).release, CLOSED)
    left = [each async for each in desk.store.stream(IssueQuery(assignee_id="account-1"))]
    assert left == []
    (mail,) = mails.kept.values()
    assert mail.subject == "5 issues have nobody any more"


async def test_who_is_staff_still_keeps_what_was_assigned(desk: Desk):
    theirs = await desk.edit(await desk.report(), assignee_id="account-2")
    mails = Mails()
    demoted = Change("account.changed", "account-2", {"field": "role"}, "Bo", AT)
    await whole(reactions_on(desk, mails).release, demoted)
    assert await desk.store.get(theirs.issue_id) == theirs
    assert mails.kept == {}


async def test_only_changes_that_may_end_service_release_anything(desk: Desk):
    all_of_them = reactions_on(desk, Mails()).all()
    release = next(each for each in all_of_them if each.name == "issues.release")
    answered = [release.answers_to(each) for each in (CLOSED, DISABLED, DEMOTED, RENAMED)]
    assert answered == [True, True, True, False]


@pytest.mark.parametrize(
    ("assignee", "readers"),
    [("account-2", {ADMIN, "bo@campus.example"}), ("account-1", {ADMIN}), (None, {ADMIN})],
)
async def test_a_reporters_reply_is_told_to_whom_the_issue_is_assigned(
    desk: Desk, assignee: str | None, readers: set[str]
):
    issue = await desk.report()
    if assignee is not None:
        issue = await desk.edit(issue, assignee_id=assignee)
    done = await desk.edit(issue, status=Status.RESOLVED)
    opened, entry, facts = rules.comment(
        done, new_id(), "reply", "It still drips", ANYONE, desk.clock.now()
    )
    await desk.store.save(opened, facts, comment=entry)
    mails = Mails()
    for _ in range(2):
        await called(reactions_on(desk, mails), "issues.mail-reply", facts[0])
    assert {mail.to for mail in mails.kept.values()} == readers
    assert all("It still drips" in mail.text for mail in mails.kept.values())
    assert await desk.ids(status=Status.OPEN) == [issue.issue_id]


def given_to(account_id: str | None, actor_id: str | None = "account-1") -> Change:
    data = {"field": "assigneeId", "old": None, "new": account_id}
    return Change("issue.assigned", "", data, "Sam", AT, actor_id, seq=7)


async def test_whom_a_report_is_given_to_hears_of_it_once_it_can_be_undone_no_more(desk: Desk):
    issue = await desk.edit(await desk.report(), assignee_id="account-2")
    mails = Mails()
    reactions = reactions_on(desk, mails)
    (reaction,) = [each for each in reactions.all() if each.name == "issues.mail-assigned"]
    (change,) = [c for c in await desk.store.history(issue.issue_id) if reaction.answers_to(c)]
    with pytest.raises(RetryLater):
        await reaction.handle(change)
    desk.clock.advance(STATUS_WAIT)
    for _ in range(2):
        await reaction.handle(change)
    (mail,) = mails.kept.values()
    assert (mail.to, mail.subject.partition(":")[0]) == ("bo@campus.example", "Assigned to you")
    assert "Staff member has assigned this report to you." in mail.text

    await desk.edit(issue, assignee_id=None)
    mails.kept.clear()
    await reaction.handle(change)
    assert mails.kept == {}


SAM, BO, NOBODY = "account-3", "account-2", None


@pytest.mark.parametrize(
    ("before", "steps", "told"),
    [
        (NOBODY, [BO, NOBODY, BO], 1),
        (NOBODY, [BO, NOBODY, BO, NOBODY, BO], 1),
        (SAM, [BO, SAM, BO], 1),
        (NOBODY, [BO, NOBODY], 0),
        (BO, [NOBODY, BO], 0),
        (BO, [SAM, NOBODY, BO], 0),
    ],
)
async def test_who_is_given_a_report_again_and_again_hears_of_it_once(
    desk: Desk, before: str | None, steps: list[str | None], told: int
):
    issue = await desk.report()
    if before is not None:
        issue = await desk.edit(issue, assignee_id=before)
        desk.clock.advance(STATUS_WAIT)
    settled = len(await desk.store.history(issue.issue_id))
    for assignee in steps:
        issue = await desk.edit(issue, assignee_id=assignee)
    desk.clock.advance(STATUS_WAIT)
    mails = Mails()
    reactions = reactions_on(desk, mails)
    (reaction,) = [each for each in reactions.all() if each.name == "issues.mail-assigned"]
    for change in (await desk.store.history(issue.issue_id))[settled:]:
        if reaction.answers_to(change):
            await reaction.handle(change)
    assert [mail.to for mail in mails.kept.values()] == ["bo@campus.example"] * told


def test_who_takes_a_report_is_not_told_that_they_have_it():
    unused: Any = None
    reactions = IssueReactions(unused, unused, unused, unused, unused, unused, ADMIN, unused)
    (reaction,) = [each for each in reactions.all() if each.name == "issues.mail-assigned"]
    told = [given_to("account-2"), given_to("account-1"), given_to(None)]
    assert [reaction.answers_to(change) for change in told] == [True, False, False]


async def test_a_closed_account_is_named_nowhere_in_what_it_reported(desk: Desk):
    ann = Principal("Ann", Role.STUDENT, "account-1")
    issue = await desk.report("It drips", ann, name="Ann Smith", email="ann@campus.example")
    answered, entry, facts = rules.comment(
        issue, new_id(), "reply", "It still drips", ann, desk.clock.now()
    )
    await desk.store.save(answered, facts, comment=entry)
    for _ in range(2):
        await whole(reactions_on(desk, Mails()).forget_member, CLOSED)
    now = await desk.store.get(issue.issue_id)
    assert now is not None
    assert (now.reporter_id, now.reporter_email, now.reporter_name) == (None, None, None)
    history = await desk.store.history(issue.issue_id)
    assert [(each.kind, each.actor) for each in history] == [
        ("issue.reported", "Former member"),
        ("issue.replied", "Former member"),
        ("issue.released", "Quadrangle"),
    ]
    (told,) = await desk.store.conversation(issue.issue_id)
    assert told.author_name == "Former member"
