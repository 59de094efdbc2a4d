"""Who is asking."""

from enum import StrEnum

import msgspec

from quadrangle.kernel.errors import Forbidden, NotSignedIn


class Role(StrEnum):
    """What an account may do; each role is one word everywhere."""

    STUDENT = "student"
    TEACHER = "teacher"
    STAFF = "staff"
    ADMIN = "admin"


class Principal(msgspec.Struct, frozen=True):
    """The verified sender of a request, or the part of the system that acts by itself.

    `account_id` is None for anyone, for the staff PIN, for API keys and for the system. `name` is
    what history shows to people, `origin` the address someone signed in acts from. `held_role` is
    the role of an account that has to set up a second factor first; until then `role` is the
    least. `scopes` bound what an API key may do; None is everything the role may.
    """

    name: str
    role: Role | None = None
    account_id: str | None = None
    origin: str | None = None
    held_role: Role | None = None
    scopes: frozenset[str] | None = None

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody said who this is. Stored principals say so by the name too."""
        return self.name == ANYONE.name and self.role is None and self.account_id is None

    @property
    def is_staff(self) -> bool:
        return self.role in (Role.STAFF, Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


ANYONE = Principal("Reporter")  # as it stands in stored records and histories
SYSTEM = Principal("Quadrangle")


def require_staff(principal: Principal) -> None:
    """Raise NotSignedIn or Forbidden unless the principal is staff or admin."""
    if principal.is_staff:
        return
    raise _refusal(principal, "This is for staff.")


def require_admin(principal: Principal) -> None:
    """Raise NotSignedIn or Forbidden unless the principal is an admin."""
    if principal.is_admin:
        return
    raise _refusal(principal, "This is for administrators.")


def _refusal(principal: Principal, sentence: str) -> NotSignedIn | Forbidden:
    if principal.role is None:
        return NotSignedIn()
    if principal.held_role is not None:
        return Forbidden("Your role needs two-factor sign-in. Please set it up under Account.")
    return Forbidden(sentence)
