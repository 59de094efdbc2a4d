"""What sharing needs from the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.kernel.principal import Role
from quadrangle.videos.model import Video
from quadrangle.videos.sharing.model import Audience

Named = tuple[str, str, str]  # account id, name, address


class People(Protocol):
    """Who has an account here. Raises Unavailable."""

    async def by_email(self, email: str) -> Named | None:
        """Return whose open account has an address."""
        ...

    async def named(self, account_ids: Sequence[str]) -> list[Named]:
        """Return those of them whose accounts are open, by name."""
        ...

    async def who_is(self, account_id: str) -> tuple[str, Role] | None:
        """Return name and role of an open account."""
        ...


class SharingStore(Protocol):
    """Keeps whom videos are shared with. Raises Unavailable."""

    async def reached(
        self, video_ids: Sequence[int], account_id: str | None, *, campus: bool
    ) -> set[int]:
        """Return those of some videos that name an account, or stand in a course it may see."""
        ...

    async def audience(self, video_id: int) -> Audience: ...

    async def share(
        self,
        video: Video,
        before: Audience,
        after: Audience,
        changes: Sequence[Change],
        now: datetime,
    ) -> None:
        """Save the video over the one whose version is one less, for another audience.

        Where somebody is taken off, addresses of its media that were given end. Raises Conflict,
        also when its audience is not the one before any more, and NotFound when one of the courses
        is not there any more.
        """
        ...
