"""ARCHITECTURE.md says which files a change touches: each of them must be there."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What the lists tell people to make.
TO_BE_MADE = {"issues/templates/assigned.txt", "name.html", "sql/migrations/step_NNNN.py"}
NAMED = re.compile(r"`([\w./-]+\.(?:py|js|css|html|md|txt|yaml|toml))`")


def test_every_file_that_it_names_is_there():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    files = [f"/{line}" for line in listed.stdout.splitlines()] or all_files()
    named = set(NAMED.findall((ROOT / "ARCHITECTURE.md").read_text())) - TO_BE_MADE
    assert len(named) > 50
    assert {name for name in named if not any(file.endswith(f"/{name}") for file in files)} == set()


def all_files() -> list[str]:
    """Return every file, where this is no working copy of git: in a tree that was unpacked."""
    return [f"/{path.relative_to(ROOT)}" for path in ROOT.rglob("*.*")]
