"""What courses need from the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.videos.courses.model import Course, CourseFeed, CourseQuery


class CourseStore(Protocol):
    """Keeps courses, their members, and what each person has seen. Raises Unavailable.

    Where somebody may see less after a change, addresses of media of the videos concerned that are
    shared end in the same transaction.
    """

    async def get(self, course_id: str) -> Course | None: ...

    async def some(self, course_ids: Sequence[str]) -> list[Course]:
        """Return those that are there, by title."""
        ...

    async def add(self, course: Course, changes: Sequence[Change]) -> None: ...

    async def save(self, course: Course, changes: Sequence[Change], now: datetime) -> None:
        """Replace the course whose version is one less, with the order of its videos.

        Raises Conflict when there is none, or when one of its videos is not there any more.
        """
        ...

    async def delete(self, course: Course, changes: Sequence[Change], now: datetime) -> bool:
        """Forget the course, its members and feeds; its videos stay. False when it is not there."""
        ...

    async def page(self, query: CourseQuery, offset: int, limit: int) -> tuple[list[Course], int]:
        """Return some of a list by title, and how many there are in all."""
        ...

    async def is_member(self, course_id: str, account_id: str) -> bool: ...

    async def members(self, course_id: str) -> list[str]:
        """Return the accounts that are members, the first ones first."""
        ...

    async def add_member(
        self, course_id: str, account_id: str, changes: Sequence[Change], now: datetime
    ) -> bool:
        """Have an account be a member; False when it is one already. Raises NotFound."""
        ...

    async def remove_member(
        self, course_id: str, account_id: str, changes: Sequence[Change], now: datetime
    ) -> bool:
        """Have an account be no member any more; False when it is none."""
        ...

    async def seen(self, account_id: str, video_ids: Sequence[int]) -> set[int]:
        """Return those of some videos that somebody has seen."""
        ...

    async def mark(self, account_id: str, video_id: int, now: datetime, *, seen: bool) -> None:
        """Note that somebody has seen a video, or has not."""
        ...

    async def forget_person(self, account_id: str, now: datetime) -> None:
        """Forget all that is kept of somebody, and take them off videos and courses."""
        ...

    async def owned(self, account_id: str) -> list[Course]:
        """Return all courses somebody teaches."""
        ...


class FeedStore(Protocol):
    """Keeps secret addresses of courses. Raises Unavailable."""

    async def of(self, course_id: str, account_id: str) -> CourseFeed | None: ...

    async def by_hash(self, token_hash: str) -> CourseFeed | None: ...

    async def put(self, feed: CourseFeed, changes: Sequence[Change]) -> None:
        """Save somebody's address of a course; an earlier one ends."""
        ...

    async def remove(self, course_id: str, account_id: str, changes: Sequence[Change]) -> bool:
        """Have somebody's address of a course end; False when there is none."""
        ...
