"""Our functions on Lambda beside bare boto3 handlers: cold start, warm time, size of the package.

Every handler runs in a fresh process of the same Python, against the same stand-in for AWS, with
its modules' bytecode, by turns with those it is compared with. Cold is from the import to the first
answer; what the runtime itself needs before is alike for all.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from bench.lambda_cases import look_ups, others, reports
from bench.lambda_world import BUILT, Handler, Times, World
from tests.standin.server import StandIn

WARM_CALLS = 300
LARGEST_ZIP = 11.0  # MB
PACKAGES = ("http", "accounts")  # of functions that answer requests


def run(rounds: int, calls: int = WARM_CALLS) -> str:
    """Measure and return tables in Markdown. Raises SystemExit when the package is not built."""
    for name in PACKAGES:
        if not (BUILT / name).exists():
            raise SystemExit(f"There is no dist/lambda/{name}: `make lambda-standin` makes it.")
    with tempfile.TemporaryDirectory() as folder:
        standin = StandIn(Path(folder)).start()
        try:
            world = World(standin, Path(folder))
            tables = [
                _table("POST /report-issue", lambda: reports(world), world, rounds, calls),
                _table("GET /issue-status/{id}", lambda: look_ups(world), world, rounds, calls),
                _other_functions(world, rounds),
            ]
        finally:
            standin.stop()
    sizes = ", ".join(f"{name} {_zipped(BUILT / name):.1f} MB" for name in PACKAGES)
    told = f"\nPackages of HTTP functions, zipped: {sizes} (limit {LARGEST_ZIP}).\n"
    return "### Functions on AWS Lambda, one call after another\n\n" + "\n".join(tables) + told


Seen = dict[str, list[Times]]


def _table(
    call: str, make: Callable[[], list[Handler]], world: World, rounds: int, calls: int
) -> str:
    handlers = make()
    seen: Seen = {handler.name: [] for handler in handlers}
    world.measure(handlers[0], 1)  # what the disk had not read yet is in memory then
    for number in range(rounds):
        print(f"{call}: round {number + 1} of {rounds}", file=sys.stderr)
        for handler in handlers:
            seen[handler.name].append(world.measure(handler, calls))
    ours = seen[handlers[0].name]
    lines = [f"| `{call}` | cold | processor of it | warm |", "|---|---|---|---|"]
    for name, times in seen.items():
        cells = [_cell(ours, times, which) for which in ("cold", "cold_cpu", "warm")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _other_functions(world: World, rounds: int) -> str:
    """Measure starts only: what these do takes its time elsewhere, and nobody waits for it."""
    seen: dict[str, Seen] = {}
    for number in range(rounds + 1):
        print(f"other functions: round {number} of {rounds}", file=sys.stderr)
        for function, handlers in others(world).items():
            for handler in handlers:
                times = seen.setdefault(function, {}).setdefault(handler.name, [])
                times.append(world.measure(handler, 0))
    lines = ["| function | | cold | processor of it |", "|---|---|---|---|"]
    for function, by_name in seen.items():
        later = {name: times[1:] for name, times in by_name.items()}  # the first warmed the disk
        ours = next(iter(later.values()))
        for name, times in later.items():
            cells = [_cell(ours, times, which) for which in ("cold", "cold_cpu")]
            lines.append(f"| {function} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(ours: list[Times], times: list[Times], which: str) -> str:
    figure = f"{statistics.median(getattr(each, which) for each in times):.1f} ms"
    if times is ours:
        return figure
    ratios = [
        getattr(mine, which) / getattr(each, which) for mine, each in zip(ours, times, strict=True)
    ]
    return f"{figure} (ours: {statistics.median(ratios):.2f}×)"


def _zipped(package: Path) -> float:
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        with zipfile.ZipFile(file.name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in package.rglob("*"):
                archive.write(path, path.relative_to(package))
        return Path(file.name).stat().st_size / 1e6
