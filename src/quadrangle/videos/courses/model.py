"""Courses as they are kept."""

from enum import StrEnum

import msgspec


class Openness(StrEnum):
    """Who may see a course, beside its owner."""

    MEMBERS = "members"
    CAMPUS = "campus"  # whoever is signed in
    PUBLIC = "public"


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One course. `videos` are numbers in their order; `user_id` is "" once its owner is gone.

    Instants are texts. `version` grows with each change; members are kept beside it.
    """

    course_id: str
    user_id: str
    owner_name: str
    title: str
    description: str = ""
    openness: Openness = Openness.MEMBERS
    videos: tuple[int, ...] = ()
    created_at: str
    updated_at: str
    version: int = 1

    @property
    def subject(self) -> str:
        """Its name in change records."""
        return self.course_id


class CourseQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which courses a list shows: public ones; with `campus` those of the campus too; and with
    `account_id` those that one owns or is a member of besides, or owns alone with `only_own`."""

    campus: bool = False
    account_id: str | None = None
    only_own: bool = False


class CourseFeed(msgspec.Struct, frozen=True):
    """That somebody has a secret address for what is in a course; only its hash is kept."""

    course_id: str
    account_id: str
    token_hash: str
    created_at: str
