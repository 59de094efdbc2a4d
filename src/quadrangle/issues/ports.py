"""What the issue service needs from the world."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Protocol

import msgspec

from quadrangle.issues.model import Catalog, Comment, Issue, Photo, Priority, Status
from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page

NOBODY = "none"


class Sort(StrEnum):
    """The order of a list; `overview/stretches.py` says what each puts where."""

    NEWEST = "newest"
    DUE = "due"
    PRIORITY = "priority"


class IssueQuery(msgspec.Struct, frozen=True):
    """Which issues a list shows; None does not narrow it. `sort` is its order.

    `assignee_id` NOBODY means unassigned; `overdue_at` means unresolved and due before then;
    `has_due` means unresolved, and with a time to be resolved by or without;
    `text` is matched by whole words and by the beginnings of the last one.
    """

    status: Status | None = None
    issue_type: str | None = None
    location: str | None = None
    assignee_id: str | None = None
    priority: Priority | None = None
    text: str | None = None
    overdue_at: str | None = None
    has_due: bool | None = None
    sort: Sort = Sort.NEWEST


class Counts(msgspec.Struct, frozen=True):
    """How many issues there are; all but `total` and `status` count only the unresolved."""

    total: int
    status: dict[Status, int]
    issue_type: dict[str, int]
    location: dict[str, int]
    unassigned: int
    overdue: int
    urgent: int
    mine: int


class DayCount(msgspec.Struct, frozen=True):
    """How many issues were reported and resolved on one day of the campus (`2026-11-21`)."""

    day: str
    reported: int
    resolved: int


class GroupCount(msgspec.Struct, frozen=True):
    """Of one type or location: reported and resolved in the range, and unresolved now."""

    name: str
    reported: int
    resolved: int
    unresolved: int


class Durations(msgspec.Struct, frozen=True):
    """Times to resolution, in hours; percentiles by nearest rank."""

    count: int
    median_hours: float
    p90_hours: float
    with_target: int
    within_target: int


class StatisticsData(msgspec.Struct, frozen=True):
    """What was reported and resolved in a range of days, and how long resolving took."""

    status: dict[Status, int]
    days: list[DayCount]
    types: list[GroupCount]
    locations: list[GroupCount]
    durations: dict[str, Durations]
    all_durations: Durations | None


class IssueStore(Protocol):
    """Keeps issues with their change records, one write for both.

    All methods raise Unavailable when the store is away. Writes raise Outrun when the issue was
    written since it was read (its `version` is not one more than the stored one).
    """

    async def add(self, issue: Issue, changes: Sequence[Change]) -> Issue:
        """Save a new issue. With an idempotency key already kept (`retry_rules`), save nothing and
        return the issue saved first; raises KeyReused when that says something else."""
        ...

    async def get(self, issue_id: str) -> Issue | None: ...

    async def save(
        self,
        issue: Issue,
        changes: Sequence[Change],
        *,
        comment: Comment | None = None,
        add_photo: Photo | None = None,
        remove_photo: str | None = None,
        original: Issue | None = None,
        released_from: str | None = None,
    ) -> None:
        """Save an issue and what comes with it. With `original`, the one that it becomes a
        duplicate of, only if that was not written since either: its version grows too. With
        `released_from`, the account that it belonged to until now."""
        ...

    async def page(self, query: IssueQuery, limit: int, cursor: str | None) -> Page[Issue]:
        """Return issues in the order of the query. New issues do not disturb pages already
        begun. Raises InvalidInput for a cursor that is not of such a list."""
        ...

    async def page_of_reporter(
        self, account_id: str, limit: int, cursor: str | None
    ) -> Page[Issue]:
        """Return the issues whose reporter the account is, newest first, as written last."""
        ...

    def stream(self, query: IssueQuery) -> AsyncIterator[Issue]:
        """Yield every issue of the query, in its order, without holding them all."""
        ...

    async def counts(
        self,
        issue_type: str | None,
        location: str | None,
        now: datetime,
        mine: str | None = None,
    ) -> Counts:
        """Count for the filters of a list; `mine` is the account whose issues are counted as such,
        which are none without one."""
        ...

    async def statistics(
        self, first_day: str, last_day: str, known_types: Sequence[str], zone: tzinfo = UTC
    ) -> StatisticsData:
        """Count from `first_day` to `last_day` of `zone`, both included. Types that are not among
        `known_types` count under Other."""
        ...

    async def conversation(self, issue_id: str) -> list[Comment]: ...

    async def photos(self, issue_id: str) -> list[Photo]: ...

    async def photo(self, issue_id: str, photo_id: str) -> Photo | None: ...

    async def duplicates(self, issue_id: str) -> list[Issue]:
        """Return the issues marked as duplicates of this one, oldest first."""
        ...

    async def has_duplicates(self, issue_id: str) -> bool:
        """Tell whether any issue is marked as a duplicate of this one, as written last."""
        ...

    async def history(self, issue_id: str) -> list[Change]: ...

    async def rename_author(
        self, account_id: str, name: str, behind: str | None = None
    ) -> str | None:
        """Have all comments and change records of an account show `name` instead of what they
        showed; versions stay. Safe to repeat, also after it broke off half way.

        Where that takes long, a call does a part: it returns where to go on `behind`, None at the
        end.
        """
        ...

    async def rename_reporter(self, issue_id: str, old: str, new: str) -> None:
        """Have what somebody did with an issue as its reporter, without signing in, show the name
        `new` where it showed `old`; the version stays. Safe to repeat."""
        ...


class CatalogStore(Protocol):
    """Keeps the catalog. `load` gives the default until one was saved; `save` raises Conflict
    when it was saved by someone else since `version` was read."""

    async def load(self) -> Catalog: ...

    async def save(self, catalog: Catalog, change: Change) -> Catalog: ...


class StaffDirectory(Protocol):
    """Knows the staff members issues are assigned to."""

    async def staff_names(self) -> dict[str, str]:
        """Return names by account id, of active and former staff."""
        ...

    async def is_active_staff(self, account_id: str) -> bool: ...

    async def address_of(self, account_id: str) -> str | None:
        """Return where mail reaches an active staff member; None for anybody else."""
        ...


class MemberDirectory(Protocol):
    """Knows those whose reports belong to their accounts."""

    async def name_of(self, account_id: str) -> str | None:
        """Return what somebody is called; None once the account is closed."""
        ...

    async def address_of(self, account_id: str) -> str | None:
        """Return the address that is proved to be somebody's; None without an open account."""
        ...

    async def was_staff(self, account_id: str) -> bool:
        """Tell whether somebody's role is or, in a closed account, was one of staff."""
        ...
