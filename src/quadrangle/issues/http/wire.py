"""Shapes on the wire, by docs/api.md."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import Id, Instant, email_of, line_of, optional_line_of, text_of
from quadrangle.issues.model import Comment, Issue, Photo, Priority, Status
from quadrangle.issues.rules import MAX_DESCRIPTION, MAX_NAME
from quadrangle.kernel.change import Change

_NULL_IS_NOBODY = Meta(description="an active staff member; null is nobody")
_NULL_IS_NONE = Meta(description="the issue this one repeats; null is none")


class ReportBody(msgspec.Struct, rename="camel"):
    """A new report. Unknown fields are ignored, as clients of the source systems may send some."""

    issue_type: Annotated[str, line_of(MAX_NAME, example="Network")]
    location: Annotated[str, line_of(MAX_NAME, example="Library")]
    description: Annotated[str, text_of(MAX_DESCRIPTION, example="The door does not close.")]
    email: Annotated[str | None, email_of("where to send news of it", optional=True)] = None
    name: Annotated[str | None, optional_line_of(MAX_NAME)] = None


class Reported(msgspec.Struct, rename="camel"):
    message: str
    issue_id: Id


class StatusBody(msgspec.Struct, rename="camel"):
    issue_id: Id
    status: Status


class StatusUpdated(msgspec.Struct, rename="camel"):
    message: str
    issue_id: Id
    status: Status
    updated_at: Instant


class PublicIssue(msgspec.Struct, kw_only=True, rename="camel"):
    """What whoever holds the id may know of an issue."""

    issue_id: Id
    issue_type: str
    location: str
    description: str
    status: Status
    priority: Priority
    created_at: Instant
    updated_at: Instant
    resolved_at: Instant | None
    due_at: Instant | None
    # Not of which: that id would open another reporter's conversation.
    is_duplicate: bool
    photo_count: int
    reply_count: int


class StaffIssue(PublicIssue, kw_only=True, rename="camel"):
    """What staff knows of it besides."""

    duplicate_of: Id | None
    reporter_email: str | None
    reporter_name: str | None
    assignee_id: Id | None
    assignee_name: str | None
    version: int


class IssueList(msgspec.Struct, rename="camel"):
    issues: list[StaffIssue]
    count: int
    next_cursor: str | None


class SimilarIssue(msgspec.Struct, rename="camel"):
    """An issue that may be about the same, and why; `words` are those that both say."""

    issue: StaffIssue
    same_type: bool
    same_place: bool
    words: list[str]


class SimilarIssues(msgspec.Struct, rename="camel"):
    similar: list[SimilarIssue]


class EditBody(msgspec.Struct, rename="camel"):
    """The fields to change; what is left out stays."""

    status: Status | msgspec.UnsetType = msgspec.UNSET
    priority: Priority | msgspec.UnsetType = msgspec.UNSET
    issue_type: Annotated[str | msgspec.UnsetType, line_of(MAX_NAME)] = msgspec.UNSET
    location: Annotated[str | msgspec.UnsetType, line_of(MAX_NAME)] = msgspec.UNSET
    assignee_id: Annotated[str | msgspec.UnsetType | None, _NULL_IS_NOBODY] = msgspec.UNSET
    duplicate_of: Annotated[str | msgspec.UnsetType | None, _NULL_IS_NONE] = msgspec.UNSET
    version: int | msgspec.UnsetType = msgspec.UNSET


class TextBody(msgspec.Struct, rename="camel"):
    text: Annotated[str, text_of(MAX_DESCRIPTION)]


class Entry(msgspec.Struct, kw_only=True, rename="camel"):
    entry_id: Id
    kind: Literal["reply", "note"]
    text: str
    author_name: str
    author_role: Literal["reporter", "staff"]
    at: Instant


class HistoryItem(msgspec.Struct, kw_only=True, rename="camel"):
    """One change: `field`, `old` and `new` where a value changed."""

    seq: int
    kind: str
    field: str | None
    old: str | None
    new: str | None
    actor_name: str
    at: Instant


class PhotoItem(msgspec.Struct, kw_only=True, rename="camel"):
    """Sizes in pixels and bytes."""

    photo_id: Id
    url: str
    thumbnail_url: str
    width: int
    height: int
    bytes: int
    at: Instant


class PublicThread(msgspec.Struct, rename="camel"):
    entries: list[Entry]
    timeline: list[HistoryItem]
    photos: list[PhotoItem]


class Owner(msgspec.Struct, rename="camel"):
    """The account a report belongs to."""

    account_id: Id
    name: str


class StaffThread(msgspec.Struct, rename="camel"):
    issue: StaffIssue
    conversation: list[Entry]
    history: list[HistoryItem]
    photos: list[PhotoItem]
    duplicates: list[StaffIssue]
    owner: Owner | None


def public_issue(issue: Issue) -> PublicIssue:
    return PublicIssue(
        issue_id=issue.issue_id,
        issue_type=issue.issue_type,
        location=issue.location,
        description=issue.description,
        status=issue.status,
        priority=issue.priority,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        resolved_at=issue.resolved_at,
        due_at=issue.due_at,
        is_duplicate=issue.duplicate_of is not None,
        photo_count=issue.photo_count,
        reply_count=issue.reply_count,
    )


def staff_issue(issue: Issue, names: dict[str, str]) -> StaffIssue:
    return StaffIssue(
        **msgspec.structs.asdict(public_issue(issue)),
        duplicate_of=issue.duplicate_of,
        reporter_email=issue.reporter_email,
        reporter_name=issue.reporter_name,
        assignee_id=issue.assignee_id,
        assignee_name=names.get(issue.assignee_id or ""),
        version=issue.version,
    )


def without_what_staff_reads(issue: StaffIssue) -> StaffIssue:
    """Return what a key gets that may change issues and not read them."""
    hidden = ("duplicate_of", "reporter_email", "reporter_name", "assignee_id", "assignee_name")
    return msgspec.structs.replace(issue, **dict.fromkeys(hidden))


def entry(comment: Comment) -> Entry:
    return Entry(
        entry_id=comment.entry_id,
        kind=comment.kind,
        text=comment.text,
        author_name=comment.author_name,
        author_role=comment.author_role,
        at=comment.at,
    )


def history_item(change: Change, names: dict[str, str]) -> HistoryItem:
    """Return a change for people: an assignee is shown by name."""
    data = change.data
    field = data.get("field")
    shown = names if field == "assigneeId" else {}
    return HistoryItem(
        seq=change.seq,
        kind=change.kind,
        field=field,
        old=_shown(data.get("old"), shown),
        new=_shown(data.get("new"), shown),
        actor_name=change.actor,
        at=change.at,
    )


def _shown(value: Any, names: dict[str, str]) -> str | None:
    return None if value is None else names.get(str(value), str(value))


def photo_item(photo: Photo) -> PhotoItem:
    url = f"/api/issues/{photo.issue_id}/photos/{photo.photo_id}"
    return PhotoItem(
        photo_id=photo.photo_id,
        url=url,
        thumbnail_url=url + "/thumbnail",
        width=photo.width,
        height=photo.height,
        bytes=photo.bytes,
        at=photo.at,
    )
