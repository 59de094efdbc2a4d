"""The house as ARCHITECTURE.md promises it, where the import linter cannot look."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import inspect

from quadrangle.hosts.one_machine.settings import (
    Settings,
    SettingsError,
    environment_name,
    read_settings,
)
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.tables import metadata

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "quadrangle"


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_the_kernel_imports_the_standard_library_and_msgspec_only():
    for path in (SOURCE / "kernel").glob("*.py"):
        tops = {name.split(".")[0] for name in imports_of(path)}
        assert tops - set(sys.stdlib_module_names) <= {"msgspec", "quadrangle"}, path.name


@pytest.mark.parametrize("module", ["worker", "commands.table"])
def test_what_answers_no_requests_starts_without_the_framework(module: str):
    """It is a quarter of what a command loads, and memory the worker would keep."""
    code = f"import sys, quadrangle.hosts.one_machine.{module}; print('litestar' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_rules_never_ask_for_the_time():
    asking = re.compile(r"\.now\(|time\.time\(|monotonic\(|utcnow|date\.today")
    for path in [*SOURCE.rglob("rules.py"), *SOURCE.rglob("*_rules.py")]:
        assert not asking.search(path.read_text()), path


def test_every_setting_is_documented_and_nothing_else_is():
    documented = set(
        re.findall(r"^### `([A-Z_]+)`", (ROOT / "docs/operating/settings.md").read_text(), re.M)
    )
    assert documented == {environment_name(name) for name in Settings.__struct_fields__}


def test_documented_defaults_are_the_real_ones():
    text = (ROOT / "docs/operating/settings.md").read_text()
    for name in (
        "port",
        "host",
        "data",
        "rate_limits",
        "report_burst",
        "reports_per_hour",
        "reporters",
        "log_level",
        "worker",
        "mail_from",
        "admin_email",
    ):
        default = str(getattr(Settings(), name))
        section = text.split(f"### `{environment_name(name)}`")[1].split("### ")[0]
        assert f"Default: `{default}`" in section, name


@pytest.mark.parametrize(
    "environment",
    [
        {"PORT": "eighty"},
        {"PORT": "70000"},
        {"QUADRANGLE_RATE_LIMITS": "maybe"},
        {"QUADRANGLE_ADMIN_EMAIL": "nobody"},
        {"QUADRANGLE_DATABASE_URL": "mysql://x"},
        {"QUADRANGLE_PUBLIC_URL": "campus.example"},
        {"QUADRANGLE_DATBASE_URL": "sqlite:///x"},
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environment):
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    assert next(iter(environment)) in str(caught.value)


async def test_the_schema_is_the_one_the_code_knows(database: Database):
    def columns(connection):
        found = inspect(connection)
        return {
            table: {column["name"] for column in found.get_columns(table)}
            for table in found.get_table_names()
        }

    for path in SOURCE.glob("sql/*/tables.py"):  # metadata has those of imported modules
        import_module(f"quadrangle.sql.{path.parent.name}.tables")
    real = await database.read(columns)
    known = {table.name: {c.name for c in table.columns} for table in metadata.sorted_tables}
    assert known == {name: real.get(name) for name in known}
