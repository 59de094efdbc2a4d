"""What an issue is. Frozen values; instants are texts as kernel.clock.to_text writes them."""

from enum import StrEnum
from typing import Literal

import msgspec


class Status(StrEnum):
    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    RESOLVED = "RESOLVED"


class Priority(StrEnum):
    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    URGENT = "URGENT"


class Issue(msgspec.Struct, frozen=True):
    """One report. `version` grows with every write and guards against lost updates."""

    issue_id: str
    issue_type: str
    location: str
    description: str
    created_at: str
    updated_at: str
    status: Status = Status.OPEN
    priority: Priority = Priority.NORMAL
    reporter_email: str | None = None
    reporter_name: str | None = None
    assignee_id: str | None = None
    duplicate_of: str | None = None
    resolved_at: str | None = None
    due_at: str | None = None
    photo_count: int = 0
    reply_count: int = 0
    version: int = 1
    idempotency_key: str | None = None
    # The account it belongs to: who reported it signed in, or added it later.
    reporter_id: str | None = None
    # Name and address in it are another's: its account only had the key it was sent with.
    others_contact: bool = False


class Comment(msgspec.Struct, frozen=True):
    """One entry of the conversation: a reply everyone may read, or a note for staff only."""

    entry_id: str
    issue_id: str
    kind: Literal["reply", "note"]
    text: str
    author_name: str
    author_role: Literal["reporter", "staff"]
    at: str
    author_id: str | None = None


class Photo(msgspec.Struct, frozen=True):
    """A picture of an issue. Sizes in pixels and bytes, of the picture as stored."""

    photo_id: str
    issue_id: str
    mime: str
    width: int
    height: int
    bytes: int
    at: str

    @property
    def key(self) -> str:
        return f"photos/{self.issue_id}/{self.photo_id}"

    @property
    def thumbnail_key(self) -> str:
        return f"{self.key}-thumbnail"


class IssueType(msgspec.Struct, frozen=True, rename="camel"):
    """A type the forms offer, and within how many hours such an issue should be resolved."""

    name: str
    target_hours: int | None = None


class Catalog(msgspec.Struct, frozen=True, rename="camel"):
    """What the forms offer; edited by admins."""

    campus_name: str
    issue_types: tuple[IssueType, ...]
    locations: tuple[str, ...]
    version: int = 0

    def target_hours(self, issue_type: str) -> int | None:
        """Return the hours to resolution for a type; an unknown type counts as Other."""
        by_name = {t.name: t.target_hours for t in self.issue_types}
        return by_name.get(issue_type, by_name.get(OTHER))

    def counted_as(self, issue_type: str) -> str:
        """Return what a type counts as: an unknown one as Other."""
        return issue_type if any(t.name == issue_type for t in self.issue_types) else OTHER


OTHER = "Other"

DEFAULT_CATALOG = Catalog(
    campus_name="Quadrangle Campus",
    issue_types=(
        IssueType("Network", 24),
        IssueType("Maintenance", 72),
        IssueType("Security", 8),
        IssueType("Infrastructure", 120),
        IssueType(OTHER, 96),
    ),
    locations=(
        "Library",
        "Main Hall",
        "Lecture Hall A",
        "Lecture Hall B",
        "Science Building",
        "Computer Lab",
        "Engineering Workshop",
        "Administration",
        "Student Centre",
        "Cafeteria",
        "Sports Centre",
        "Hostel A",
        "Hostel B",
        "Car Park",
    ),
)
