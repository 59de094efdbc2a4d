"""A database whose password is replaced while it is open."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from quadrangle.sql.base.credentials import opened_by

REFUSED = 'FATAL:  password authentication failed for user "app"'


class Secret:
    def __init__(self, *passwords: str) -> None:
        self._passwords = list(passwords)

    def current(self) -> tuple[str, str]:
        return "app", self._passwords[0]

    def renewed(self) -> tuple[str, str]:
        self._passwords.pop(0)
        return self.current()


def opened(secret: Secret, error: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Try to open a database that takes `new` alone; return the passwords that were shown."""
    engine = create_engine("postgresql+psycopg://127.0.0.1/none", poolclass=NullPool)
    opened_by(engine, secret)
    shown: list[str] = []

    def connect(*_: Any, **given: Any) -> Any:
        shown.append(given["password"])
        raise psycopg.OperationalError(error if given["password"] != "new" else "it is open")

    monkeypatch.setattr(engine.dialect, "connect", connect)
    with pytest.raises(OperationalError):
        engine.connect()
    return shown


def test_a_refused_password_is_asked_for_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(Secret("old", "new"), REFUSED, monkeypatch) == ["old", "new"]


def test_a_database_that_is_away_is_no_matter_of_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(Secret("old", "new"), "connection refused", monkeypatch) == ["old"]
