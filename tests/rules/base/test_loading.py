"""Modules that are loaded when they are used."""

import importlib
import sys
from pathlib import Path

import pytest

from quadrangle.loading import postpone

NAME = "postponed_example"


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a module that leaves a file when it runs; return the file's path."""
    trace = tmp_path / "ran"
    source = f"open({str(trace)!r}, 'x').close()\nanswer = 42\n"
    (tmp_path / f"{NAME}.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    # monkeypatch takes out what the tests leave in sys.modules
    monkeypatch.setitem(sys.modules, NAME, None)  # type: ignore[arg-type]
    del sys.modules[NAME]
    return trace


def test_it_runs_once_when_it_is_used(ran: Path):
    postpone(NAME)
    first = importlib.import_module(NAME)
    assert not ran.exists()
    assert first.answer == 42
    assert ran.exists()
    assert first.answer == importlib.import_module(NAME).answer
    with pytest.raises(AttributeError):
        _ = first.question


def test_what_is_loaded_stays(ran: Path):
    loaded = importlib.import_module(NAME)
    postpone(NAME)
    assert sys.modules[NAME] is loaded


def test_what_is_not_installed_is_still_missing():
    postpone("not_installed_example")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("not_installed_example")
