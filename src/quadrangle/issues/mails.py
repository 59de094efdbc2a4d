"""The mails of the issue service, written from an issue and what happened to it.

Texts that people typed are shown as typed, but for characters that could disguise what is read.
"""

import functools
import re
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup, escape

from quadrangle.issues.model import Comment, Issue, Status
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.mail import Mail

if TYPE_CHECKING:
    import jinja2

# Of the subject's parts. Phones show some 40 characters of a subject, so the first words count.
MAX_SUBJECT_PART = 40


class Links(msgspec.Struct, frozen=True):
    """Where the pages are, as people reach them; `public_url` is without a path."""

    public_url: str

    def track(self, issue_id: str) -> str:
        """The reporter's page of an issue. Whoever has the address may use it."""
        return f"{self.public_url.rstrip('/')}/track?id={issue_id}"

    def desk(self, issue_id: str) -> str:
        """The staff's page of an issue, behind the sign-in."""
        return f"{self.public_url.rstrip('/')}/desk?issue={issue_id}"


def confirmation(issue: Issue, change: Change, links: Links) -> Mail:
    """Tell the reporter that the report has arrived. The issue has a `reporter_email`."""
    return _to_reporter("confirmation", "We have your report", issue, change, links)


def alert(issue: Issue, change: Change, links: Links, admin_address: str) -> Mail:
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


def status_note(issue: Issue, change: Change, links: Links) -> Mail:
    """Tell the reporter of the change from `change.data["old"]` to `change.data["new"]`."""
    old, new = Status(change.data["old"]), Status(change.data["new"])
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


def reply_note(issue: Issue, entry: Comment, change: Change, links: Links) -> Mail:
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
    issue: Issue, entry: Comment, change: Change, links: Links, admin_address: str
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


def _to_reporter(
    occasion: str, what: str, issue: Issue, change: Change, links: Links, **values: str
) -> Mail:
    assert issue.reporter_email is not None
    link = links.track(issue.issue_id)
    return _mail(occasion, what, issue, change, issue.reporter_email, link=link, **values)


def _to_staff(
    occasion: str, what: str, issue: Issue, change: Change, links: Links, to: str, **values: str
) -> Mail:
    link = links.desk(issue.issue_id)
    return _mail(occasion, what, issue, change, to, link=link, **values)


def _mail(occasion: str, what: str, issue: Issue, change: Change, to: str, **values: str) -> Mail:
    context = {**_issue_values(issue), **values}
    return Mail(
        # places are counted for each subject on some stores
        key=f"{occasion}:{change.subject}:{change.seq}:{to}",
        to=to,
        subject=_subject(what, issue),
        text=_templates().get_template(f"{occasion}.txt").render(context),
        html=_templates().get_template(f"{occasion}.html").render(context),
    )


def _issue_values(issue: Issue) -> dict[str, object]:
    return {
        "short_id": _short_id(issue),
        "issue_type": one_line(issue.issue_type),
        "location": one_line(issue.location),
        "description": shown(issue.description),
        "priority": issue.priority.value.capitalize(),
        "reporter_name": one_line(issue.reporter_name or ""),
        "reporter_email": issue.reporter_email or "",
        "reported_at": from_text(issue.created_at),
        "due_at": from_text(issue.due_at) if issue.due_at else None,
    }


def _subject(what: str, issue: Issue) -> str:
    """Such as “We have your report: Network at Library [3f2a91c0]”."""
    issue_type = cut(one_line(issue.issue_type), MAX_SUBJECT_PART)
    location = cut(one_line(issue.location), MAX_SUBJECT_PART)
    return f"{what}: {issue_type} at {location} [{_short_id(issue)}]"


def _short_id(issue: Issue) -> str:
    return issue.issue_id[:8]


# -- texts that people typed --------------------------------------------------------------------

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls cannot be shown. Overrides of the writing direction can make “exe.pdf” of “fdp.exe”;
# right-to-left scripts do not need them, as their letters carry their direction.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What joins on to the character before or after it, and looks odd where that was cut off.
_JOINS = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]+$")


def shown(text: str) -> str:
    """Return what people typed, as it may be shown: lines end in a line feed."""
    text = text.encode(errors="replace").decode()
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """Return `shown(text)` on one line, with single spaces."""
    return " ".join(shown(text).split())


def cut(text: str, longest: int) -> str:
    """Return at most `longest` characters, an ellipsis in place of what is left out."""
    if len(text) <= longest:
        return text
    return _JOINS.sub("", text[: longest - 1]).rstrip() + "…"


# -- templates ----------------------------------------------------------------------------------


@functools.cache
def _templates() -> "jinja2.Environment":
    """The templates, each compiled at its first use and kept."""
    # imported with the first mail: half of the functions that know of mails write none (30 ms)
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("quadrangle.issues", "templates"),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["instant"] = _instant
    environment.filters["lines"] = _lines
    return environment


def _instant(instant: datetime) -> str:
    """Such as “21 November 2026, 09:30 UTC”, in English whatever the machine's language."""
    return f"{instant.day} {_MONTHS[instant.month - 1]} {instant:%Y, %H:%M} UTC"


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _lines(text: str) -> Markup:
    """Escape a text and mark its line ends: not every mail program knows white-space in CSS."""
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))
