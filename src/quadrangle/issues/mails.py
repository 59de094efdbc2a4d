"""The mails of the issue service, written from an issue and what happened to it.

Texts that people typed are shown as typed, but for characters that could disguise what is read.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo

import msgspec

from quadrangle.issues.model import Comment, Issue, Status
from quadrangle.issues.numbers import number_of
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, zone_of
from quadrangle.kernel.mail import Mail
from quadrangle.letters.templates import templates_of
from quadrangle.letters.texts import cut, has_address, one_line, shown, unlinked

# Of the subject's parts. Phones show some 40 characters of a subject, so the first words count.
MAX_SUBJECT_PART = 40
# Issues that one mail lists.
MOST_RELEASED = 50


class IssueLinks(msgspec.Struct, frozen=True):
    """Where the pages are, as people reach them; `public_url` is without a path. `time_zone` is the
    campus's, "" for UTC: mails tell times in it."""

    public_url: str
    time_zone: str = ""

    @property
    def home(self) -> str:
        return f"{self.public_url.rstrip('/')}/"

    def track(self, issue_id: str) -> str:
        """The reporter's page of an issue. Whoever has the address may use it."""
        return f"{self.public_url.rstrip('/')}/track?id={issue_id}"

    def unassigned(self) -> str:
        """The staff's list of issues that nobody has."""
        return f"{self.public_url.rstrip('/')}/desk?assigneeId=none"

    def desk(self, issue_id: str) -> str:
        """The staff's page of an issue, behind the sign-in."""
        return f"{self.public_url.rstrip('/')}/desk?issue={issue_id}"


def confirmation(issue: Issue, change: Change, links: IssueLinks) -> Mail:
    """Tell the reporter that the report has arrived. The issue has a `reporter_email`."""
    return _to_reporter("confirmation", "We have your report", issue, change, links)


def many(issue: Issue, change: Change, links: IssueLinks) -> Mail:
    """Tell the reporter, once a day, that there are more reports than mails about them."""
    assert issue.reporter_email is not None
    templates = templates_of("quadrangle.issues")
    context = {"link": links.home}
    day = issue.created_at[:10]
    return Mail(
        key=f"many:{day}:{issue.reporter_email.lower()}",
        to=issue.reporter_email,
        subject="More reports came with your address",
        text=templates.get_template("many.txt").render(context),
        html=templates.get_template("many.html").render(context),
    )


def alert(issue: Issue, change: Change, links: IssueLinks, admin_address: str) -> Mail:
    """Tell the admin address of a new report."""
    return _to_staff("alert", "New report", issue, change, links, admin_address)


_STATUS_WORDS = {
    Status.OPEN: "Open",
    Status.IN_PROGRESS: "In progress",
    Status.RESOLVED: "Resolved",
}
_STATUS_SUBJECTS = {
    Status.OPEN: "Open again",
    Status.IN_PROGRESS: "We are working on it",
    Status.RESOLVED: "Resolved",
}


def status_note(
    issue: Issue, change: Change, move: tuple[Status, Status], links: IssueLinks
) -> Mail:
    """Tell the reporter from what to what the status went; `change` is the last step of it."""
    old, new = move
    return _to_reporter(
        "status",
        _STATUS_SUBJECTS[new],
        issue,
        change,
        links,
        status=new.value,
        old_word=_STATUS_WORDS[old],
        new_word=_STATUS_WORDS[new],
    )


def assigned(issue: Issue, change: Change, links: IssueLinks, to: str) -> Mail:
    """Tell whom the issue was assigned to, by whom."""
    by = one_line(change.actor)
    return _to_staff("assigned", "Assigned to you", issue, change, links, to, author=by)


def reply_note(issue: Issue, entry: Comment, change: Change, links: IssueLinks) -> Mail:
    """Send the reporter what staff replied."""
    return _to_reporter(
        "reply",
        "Reply to your report",
        issue,
        change,
        links,
        author=one_line(entry.author_name),
        reply=shown(entry.text),
    )


def reporter_reply_note(
    issue: Issue, entry: Comment, change: Change, links: IssueLinks, admin_address: str
) -> Mail:
    """Send the admin address what the reporter replied."""
    return _to_staff(
        "reporter_reply",
        "The reporter replied",
        issue,
        change,
        links,
        admin_address,
        author=one_line(entry.author_name),
        reply=shown(entry.text),
    )


def released(issues: Sequence[Issue], change: Change, links: IssueLinks, to: str) -> Mail:
    """Tell the admin address which issues have nobody any more, as who had them is no staff."""
    lines = [f"{_where(issue)} [{number_of(issue.issue_id)}]" for issue in issues[:MOST_RELEASED]]
    context = {
        "count": len(issues),
        "issues": lines,
        "more": len(issues) - len(lines),
        "link": links.unassigned(),
    }
    templates = templates_of("quadrangle.issues")
    what = "1 issue has" if len(issues) == 1 else f"{len(issues)} issues have"
    return Mail(
        key=f"released:{change.subject}:{change.seq}:{to}",
        to=to,
        subject=f"{what} nobody any more",
        text=templates.get_template("released.txt").render(context),
        html=templates.get_template("released.html").render(context),
    )


def _to_reporter(
    occasion: str, what: str, issue: Issue, change: Change, links: IssueLinks, **values: str
) -> Mail:
    """Nobody knows whose address it is: what was typed with it leads nowhere else, and what looks
    like an address stands neither in the greeting nor in the subject."""
    assert issue.reporter_email is not None
    typed = {
        name: unlinked(text) if has_address(text) else text
        for name, text in _typed_values(issue).items()
    }
    name = one_line(issue.reporter_name or "")
    values = {**typed, "reporter_name": "" if has_address(name) else name, **values}
    subject = _subject(what, issue, without=has_address)
    values |= {"link": links.track(issue.issue_id), "time_zone": links.time_zone}
    return _mail(occasion, subject, issue, change, issue.reporter_email, **values)


def _to_staff(
    occasion: str,
    what: str,
    issue: Issue,
    change: Change,
    links: IssueLinks,
    to: str,
    **values: str,
) -> Mail:
    link = links.desk(issue.issue_id)
    values |= {"link": link, "time_zone": links.time_zone}
    return _mail(occasion, _subject(what, issue), issue, change, to, **values)


def _mail(
    occasion: str, subject: str, issue: Issue, change: Change, to: str, **values: str
) -> Mail:
    context = {**_issue_values(issue, zone_of(values["time_zone"])), **values}
    templates = templates_of("quadrangle.issues")
    return Mail(
        # places are counted for each subject on some stores
        key=f"{occasion}:{change.subject}:{change.seq}:{to}",
        to=to,
        subject=subject,
        text=templates.get_template(f"{occasion}.txt").render(context),
        html=templates.get_template(f"{occasion}.html").render(context),
    )


def _issue_values(issue: Issue, zone: tzinfo) -> dict[str, object]:
    return {
        "number": number_of(issue.issue_id),
        **_typed_values(issue),
        "priority": issue.priority.value.capitalize(),
        "reporter_name": one_line(issue.reporter_name or ""),
        "reporter_email": issue.reporter_email or "",
        "reported_at": from_text(issue.created_at).astimezone(zone),
        "due_at": from_text(issue.due_at).astimezone(zone) if issue.due_at else None,
    }


def _typed_values(issue: Issue) -> dict[str, str]:
    return {
        "issue_type": one_line(issue.issue_type),
        "location": one_line(issue.location),
        "description": shown(issue.description),
    }


def _subject(
    what: str, issue: Issue, *, without: Callable[[str], bool] = lambda text: False
) -> str:
    """Such as “We have your report: Network at Library [3f2a91c0]”."""
    about, number = _where(issue, without), number_of(issue.issue_id)
    return f"{what}: {about} [{number}]" if about else f"{what} [{number}]"


def _where(issue: Issue, without: Callable[[str], bool] = lambda text: False) -> str:
    parts = [one_line(part) for part in (issue.issue_type, issue.location)]
    return " at ".join(cut(part, MAX_SUBJECT_PART) for part in parts if not without(part))
