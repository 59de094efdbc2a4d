"""Courses as they are kept."""

from enum import StrEnum

import msgspec


class Openness(StrEnum):
    """Who may see a course, beside its teachers."""

    MEMBERS = "members"
    CAMPUS = "campus"  # whoever is signed in
    PUBLIC = "public"


class Teacher(msgspec.Struct, frozen=True):
    """Somebody who runs a course, by the name they had when they came to it."""

    account_id: str
    name: str


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One course. `videos` are numbers in their order; `user_id` is whose it is, "" once they are
    gone and nobody else teaches it; `others` run it with them.

    Instants are texts. `version` grows with each change; members are kept beside it.
    """

    course_id: str
    user_id: str
    owner_name: str
    title: str
    description: str = ""
    openness: Openness = Openness.MEMBERS
    videos: tuple[int, ...] = ()
    others: tuple[Teacher, ...] = ()
    created_at: str
    updated_at: str
    version: int = 1

    @property
    def teacher_ids(self) -> list[str]:
        """Return the accounts of all who teach it, of whom it is first."""
        first = [self.user_id] if self.user_id else []
        return [*first, *(each.account_id for each in self.others)]

    @property
    def subject(self) -> str:
        """Its name in change records."""
        return self.course_id


class CourseQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which courses a list shows: public ones; with `campus` those of the campus too; and with
    `account_id` those that one teaches or is a member of besides, or teaches alone with `only_own`.
    With `everything` all there are."""

    everything: bool = False
    campus: bool = False
    account_id: str | None = None
    only_own: bool = False


class CourseFeed(msgspec.Struct, frozen=True):
    """That somebody has a secret address for what is in a course; only its hash is kept."""

    course_id: str
    account_id: str
    token_hash: str
    created_at: str
