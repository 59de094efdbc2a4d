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

    `account_id` is None for anyone, for the staff PIN and for the system. `name` is what history
    shows to people.
    """

    name: str
    role: Role | None = None
    account_id: str | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in (Role.STAFF, Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


ANYONE = Principal("Reporter")
SYSTEM = Principal("Quadrangle")


def require_staff(principal: Principal) -> None:
    """Raise NotSignedIn or Forbidden unless the principal is staff or admin."""
    if principal.is_staff:
        return
    raise (NotSignedIn() if principal.role is None else Forbidden("This is for staff."))


def require_admin(principal: Principal) -> None:
    """Raise NotSignedIn or Forbidden unless the principal is an admin."""
    if principal.is_admin:
        return
    raise (NotSignedIn() if principal.role is None else Forbidden("This is for administrators."))
