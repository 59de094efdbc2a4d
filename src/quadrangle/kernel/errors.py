"""What can go wrong, in sentences for the person who gets them.

Services and adapters raise these; hosts turn each into one HTTP answer or one retry decision. The
message is shown to clients as it is, so it never holds a path, a statement or a class name.
"""

from collections.abc import Sequence

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One field of the input and how to mend it."""

    field: str
    message: str


class QuadrangleError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").split("\n", 1)[0]
        super().__init__(self.message)


class InvalidInput(QuadrangleError):
    """Some of what was sent cannot be used."""

    def __init__(self, errors: Sequence[FieldError] = (), message: str | None = None) -> None:
        self.errors = list(errors)
        if message is None and len(self.errors) == 1:
            message = self.errors[0].message
        super().__init__(message)

    @classmethod
    def at(cls, field: str, message: str) -> "InvalidInput":
        """Return the error for one field."""
        return cls([FieldError(field, message)])


class NotSignedIn(QuadrangleError):
    """Please sign in first."""


class CodeRequired(NotSignedIn):
    """The password is right; a code is wanted with it: with no app, a recovery code."""

    def __init__(self, message: str, *, has_app: bool) -> None:
        super().__init__(message)
        self.has_app = has_app


class Forbidden(QuadrangleError):
    """You are signed in, but this is not yours to do."""


class PasswordRequired(Forbidden):
    """This link has a password. Please give it."""


class NotFound(QuadrangleError):
    """There is no such thing."""


class Conflict(QuadrangleError):
    """Someone else changed this in the meantime. Load it again and repeat your change."""


class Outrun(Conflict):
    """Someone else changed this in the meantime. Load it again and repeat your change."""


class KeyReused(QuadrangleError):
    """This key was sent with something else before. Please use a new one."""


class Gone(QuadrangleError):
    """This is over and cannot be used any more."""


class TooLarge(QuadrangleError):
    """This is larger than allowed."""


class Delayed(QuadrangleError):
    """An error that tells when to try again."""

    def __init__(self, message: str | None = None, *, retry_after_s: float = 5) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class TooManyRequests(Delayed):
    """Too many requests. Please wait a moment and try again."""


class Unavailable(Delayed):
    """A part of the service is not available just now. Nothing was saved; please try again."""


class KeysUnusable(Exception):
    """Keys of the installation cannot be used; the message, for its operator, says which and why.

    Nobody outside sees it: what answers requests turns it into Unavailable.
    """
