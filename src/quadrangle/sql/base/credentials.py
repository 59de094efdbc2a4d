"""Who a database is opened by, where that changes while it is open."""

from typing import Any, Protocol

from sqlalchemy import Engine, event


class Credentials(Protocol):
    """A name and a password. Both verbs raise Unavailable."""

    def current(self) -> tuple[str, str]: ...

    def renewed(self) -> tuple[str, str]:
        """Return them asked for anew: what was known does not open the database any more."""
        ...


def opened_by(engine: Engine, credentials: Credentials) -> None:
    """Have every new connection of an engine of PostgreSQL be opened by these.

    A password that was replaced meanwhile is refused once; then the new one is asked for.
    """
    from psycopg import OperationalError

    def connect(dialect: Any, _: Any, arguments: Any, given: dict[str, Any]) -> Any:
        user, password = credentials.current()
        try:
            return dialect.connect(*arguments, **{**given, "user": user, "password": password})
        except OperationalError as error:
            if not _is_refused(error):
                raise
        user, password = credentials.renewed()
        return dialect.connect(*arguments, **{**given, "user": user, "password": password})

    event.listen(engine, "do_connect", connect)


def _is_refused(error: Exception) -> bool:
    # psycopg has no code of the server's for what fails before there is a connection
    return "authentication failed" in str(error)
