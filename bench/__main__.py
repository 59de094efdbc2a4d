"""`python -m bench [part …]`: measure the PARTS and write each one's figures to
bench/results/."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import accounts, lambdas, lists, meetings, requests, videos

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
PARTS = ("requests", "accounts", "lists", "scheduling", "meetings", "videos", "lambdas")


def main() -> int:
    """Measure the parts that were asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    # an empty list is a choice too: Python checks it against the choices when no part is named
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], metavar="part", help=", ".join(PARTS)
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    parts = options.parts or PARTS
    if {"requests", "accounts"} & set(parts) and shutil.which("wrk") is None:
        print("wrk is missing: apt install wrk", file=sys.stderr)
        return 1
    CACHE.mkdir(parents=True, exist_ok=True)
    for part in parts:
        text = f"{_machine()}\n{_measured(part, options.rounds, options.seconds)}"
        (ROOT / "bench" / "results" / f"{part}.md").write_text(text)
        print(text)
    return 0


def _measured(part: str, rounds: int, seconds: int) -> str:
    if part == "requests":
        return requests.run(CACHE, requests.Plan(rounds=rounds, seconds=seconds))
    if part == "accounts":
        return accounts.run(CACHE, rounds, seconds)
    if part == "lists":
        return lists.run(CACHE)
    if part == "scheduling":
        return _scheduling()
    if part == "meetings":
        return meetings.run()
    if part == "videos":
        return videos.run(CACHE, rounds, seconds)
    return lambdas.run(max(5, rounds))


def _machine() -> str:
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{platform.system()} {platform.machine()}. Medians; ratios are medians of each round's.\n"
    )


def _scheduling() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.scheduling"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return "### One-off jobs\n\n```\n" + done.stdout.strip() + "\n```\n"


if __name__ == "__main__":
    sys.exit(main())
