"""Who may show a video to everyone: on the front page, to whoever is signed in or to anyone."""

from enum import StrEnum

from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal, Role
from quadrangle.videos.model import Visibility

_TEACHERS = (Role.TEACHER, Role.STAFF, Role.ADMIN)
_EVERYONE = (Visibility.CAMPUS, Visibility.PUBLIC)
REFUSED = (
    "Only teachers and staff show videos to everyone here. Share it with people or a course, "
    "give out its link, or ask a teacher."
)


class Publishers(StrEnum):
    """Who may show their videos to everyone."""

    ANYONE = "anyone"
    TEACHERS = "teachers"  # and staff


def require_may_show(visibility: Visibility, who: Principal, publishers: Publishers) -> None:
    """Raise InvalidInput where somebody would show a video to more than they may."""
    if publishers is Publishers.ANYONE or visibility not in _EVERYONE or who.role in _TEACHERS:
        return
    raise InvalidInput.at("visibility", REFUSED)
