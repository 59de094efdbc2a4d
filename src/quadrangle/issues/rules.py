"""Decisions about issues: (state, command, now) -> (state, facts) or an error. Nothing else.

A fact is a Change; a decision without facts changes nothing and is not saved.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.issues.model import (
    Catalog,
    Comment,
    Issue,
    Photo,
    Priority,
    Status,
)
from quadrangle.issues.retry_rules import kept_key
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked

MAX_NAME = 100
MAX_DESCRIPTION = 5_000
MAX_QUERY = 200
MAX_PHOTOS = 10
MAX_IDEMPOTENCY_KEY = 64

# Somebody added a report to their account; the account that it belonged to was closed.
CLAIMED = "issue.claimed"
RELEASED = "issue.released"

# What the reporter sees of an issue's history; the rest is for staff.
PUBLIC_KINDS = frozenset({"issue.reported", "issue.status-changed"})
# What leaves no trace in what the reporter sees, not even in when the issue was last updated.
STAFF_KINDS = frozenset({"issue.noted", "issue.assigned", CLAIMED, RELEASED})

# In what is told of a report: nothing confirms it by mail.
UNMAILED = "unmailed"

Decision = tuple[Issue, list[Change]]


class NewReport(msgspec.Struct, frozen=True):
    """What a reporter sends. `unmailed`: so much came with its address lately that no mail
    confirms it."""

    issue_type: str
    location: str
    description: str
    email: str | None = None
    name: str | None = None
    idempotency_key: str | None = None
    unmailed: bool = False


def report(
    new: NewReport, issue_id: str, catalog: Catalog, actor: Principal, now: datetime
) -> Decision:
    """Open an issue. Raises InvalidInput with every faulty field."""
    checked = Checked()
    issue_type = checked.line("issueType", new.issue_type, MAX_NAME)
    location = checked.line("location", new.location, MAX_NAME)
    description = checked.text("description", new.description, MAX_DESCRIPTION)
    email = checked.optional_email("email", new.email)
    name = checked.optional_line("name", new.name, MAX_NAME)
    key = new.idempotency_key
    if key is not None and not is_key(key):
        checked.fault(
            "Idempotency-Key", f"Please use 1 to {MAX_IDEMPOTENCY_KEY} letters, digits and signs."
        )
    if checked.errors:
        raise InvalidInput(checked.errors)
    sent = (issue_type, location, description, email, name)
    at = to_text(now)
    issue = Issue(
        issue_id=issue_id,
        issue_type=issue_type,
        location=location,
        description=description,
        created_at=at,
        updated_at=at,
        due_at=_due(now, catalog.target_hours(issue_type)),
        reporter_email=email,
        reporter_name=name,
        idempotency_key=key and kept_key(key, sent, actor),
        reporter_id=actor.account_id,
    )
    facts: dict[str, Any] = {
        "issueType": issue_type,
        "location": location,
        "status": issue.status,
    }
    if new.unmailed:
        facts[UNMAILED] = True
    return issue, [fact("issue.reported", issue, facts, actor, at)]


def is_key(text: str) -> bool:
    """Tell whether a text may be an Idempotency-Key."""
    return 0 < len(text) <= MAX_IDEMPOTENCY_KEY and text.isascii() and text.isprintable()


class IssueEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """Fields staff may change; UNSET leaves one as it is."""

    status: Status | msgspec.UnsetType = msgspec.UNSET
    priority: Priority | msgspec.UnsetType = msgspec.UNSET
    issue_type: str | msgspec.UnsetType = msgspec.UNSET
    location: str | msgspec.UnsetType = msgspec.UNSET
    assignee_id: str | msgspec.UnsetType | None = msgspec.UNSET
    duplicate_of: str | msgspec.UnsetType | None = msgspec.UNSET


_KINDS = {
    "status": "issue.status-changed",
    "priority": "issue.priority-changed",
    "issue_type": "issue.edited",
    "location": "issue.edited",
    "assignee_id": "issue.assigned",
    "duplicate_of": "issue.linked",
}
_WIRE_NAMES = {
    "issue_type": "issueType",
    "assignee_id": "assigneeId",
    "duplicate_of": "duplicateOf",
}


def edit(
    issue: Issue, wanted: IssueEdit, catalog: Catalog, actor: Principal, now: datetime
) -> Decision:
    """Apply the fields that differ, one fact for each. Every status may follow every other."""
    values = _cleaned(issue, wanted)
    changed = {name: value for name, value in values.items() if getattr(issue, name) != value}
    if not changed:
        return issue, []
    at = instant(issue, now)
    facts = [
        fact(
            _KINDS[name],
            issue,
            {"field": _WIRE_NAMES.get(name, name), "old": getattr(issue, name), "new": value},
            actor,
            at,
        )
        for name, value in changed.items()
    ]
    if "status" in changed:
        changed["resolved_at"] = at if changed["status"] is Status.RESOLVED else None
    if "issue_type" in changed:
        changed["due_at"] = _due(
            from_text(issue.created_at), catalog.target_hours(str(changed["issue_type"]))
        )
    return written(issue, facts, **changed), facts


def _cleaned(issue: Issue, wanted: IssueEdit) -> dict[str, object]:
    values = {
        name: value
        for name in wanted.__struct_fields__
        if (value := getattr(wanted, name)) is not msgspec.UNSET
    }
    checked = Checked()
    for name in ("issue_type", "location"):
        if name in values:
            values[name] = checked.line(_WIRE_NAMES.get(name, name), str(values[name]), MAX_NAME)
    original = values.get("duplicate_of")
    if original is not None and (original == issue.issue_id or not is_id(str(original))):
        checked.fault("duplicateOf", "Please give the id of another issue.")
    if checked.errors:
        raise InvalidInput(checked.errors)
    return values


def require_original(issue: Issue, original: Issue) -> None:
    """Raise InvalidInput when `issue` cannot be a duplicate of `original`, which is what the issue
    that was named leads to: itself, or the first of its line of duplicates."""
    if original.issue_id == issue.issue_id or original.duplicate_of is not None:
        raise InvalidInput.at("duplicateOf", "That issue is already a duplicate of this one.")


def require_no_duplicates(has_duplicates: bool) -> None:
    """Raise Conflict when an issue others are linked to would become a duplicate itself."""
    if has_duplicates:
        raise Conflict("Other issues are linked to this one as duplicates. Unlink them first.")


def comment(
    issue: Issue,
    entry_id: str,
    kind: str,
    text: str,
    actor: Principal,
    now: datetime,
    since: str = "",
) -> tuple[Issue, Comment, list[Change]]:
    """Add a reply or a note; a note not before the instant `since`. A resolved issue is open again
    when its reporter replies. Raises InvalidInput."""
    checked = Checked()
    cleaned = checked.text("text", text, MAX_DESCRIPTION)
    if checked.errors:
        raise InvalidInput(checked.errors)
    at = max(instant(issue, now), since)
    entry = Comment(
        entry_id=entry_id,
        issue_id=issue.issue_id,
        kind="reply" if kind == "reply" else "note",
        text=cleaned,
        author_name=_author(issue, actor),
        author_role="staff" if actor.is_staff else "reporter",
        author_id=actor.account_id,
        at=at,
    )
    replies = issue.reply_count + (entry.kind == "reply")
    made = "issue.replied" if entry.kind == "reply" else "issue.noted"
    data = {"entryId": entry_id, "by": entry.author_role}
    facts = [fact(made, issue, data, actor, at)]
    changed: dict[str, object] = {"reply_count": replies}
    if made == "issue.replied" and not actor.is_staff and issue.status is Status.RESOLVED:
        moved = {"field": "status", "old": issue.status, "new": Status.OPEN}
        facts.append(fact("issue.status-changed", issue, moved, actor, at))
        changed |= {"status": Status.OPEN, "resolved_at": None}
    return written(issue, facts, **changed), entry, facts


def add_photo(issue: Issue, photo: Photo, actor: Principal, now: datetime) -> Decision:
    """Count one more picture. Raises Conflict when there are enough."""
    require_room_for_photo(issue)
    at = instant(issue, now)
    facts = [fact("issue.photo-added", issue, {"photoId": photo.photo_id}, actor, at)]
    return written(issue, facts, photo_count=issue.photo_count + 1), facts


def require_room_for_photo(issue: Issue) -> None:
    """Raise Conflict when the issue has all the pictures it may have."""
    if issue.photo_count >= MAX_PHOTOS:
        raise Conflict(
            f"This issue already has {MAX_PHOTOS} photos, which is the most it can have."
        )


def remove_photo(issue: Issue, photo: Photo, actor: Principal, now: datetime) -> Decision:
    """Count one picture less."""
    at = instant(issue, now)
    facts = [fact("issue.photo-removed", issue, {"photoId": photo.photo_id}, actor, at)]
    return written(issue, facts, photo_count=max(0, issue.photo_count - 1)), facts


def instant(issue: Issue, now: datetime) -> str:
    """Return the instant of something that happens to `issue`: never before what happened to it,
    also when the clock was put back in between."""
    return max(to_text(now), issue.updated_at)


def fact(kind: str, issue: Issue, data: dict[str, Any], actor: Principal, at: str) -> Change:
    """Return the change record of something done to `issue`."""
    return Change(
        kind=kind,
        subject=issue.issue_id,
        data=data,
        actor=_author(issue, actor),
        actor_id=actor.account_id,
        origin=actor.origin,
        at=at,
    )


def _author(issue: Issue, actor: Principal) -> str:
    """A reporter is shown by the name they gave."""
    if actor.is_anonymous:
        return issue.reporter_name or actor.name
    return actor.name


def taken_as_original(original: Issue) -> Issue:
    """Return the original as it is saved with a new duplicate. It shows nothing of that, but two
    who link at once compete for it."""
    return msgspec.structs.replace(original, version=original.version + 1)


def _due(created: datetime, target_hours: int | None) -> str | None:
    return None if target_hours is None else to_text(created + timedelta(hours=target_hours))


def written(issue: Issue, facts: list[Change], **changes: object) -> Issue:
    """Return the issue as it is saved with `facts`."""
    seen = [fact.at for fact in facts if fact.kind not in STAFF_KINDS]
    updated_at = seen[-1] if seen else issue.updated_at
    version = issue.version + 1
    return msgspec.structs.replace(issue, updated_at=updated_at, version=version, **changes)
