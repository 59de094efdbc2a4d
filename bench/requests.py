"""`POST /report-issue` and `GET /issue-status/{id}` beside limits and peers, round by round."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import msgspec

from bench import group_commit
from bench.ours import bare_litestar, quadrangle, quadrangle_without_database
from bench.peers import Peer, PeerError, all_peers
from bench.peers.load import measure
from bench.peers.local_http import send
from bench.postgres import quadrangle_on_postgres

CONNECTIONS = (1, 8, 32, 128)
GROUP_COMMIT = "(b) SQLite group commit alone"


class Plan(msgspec.Struct, frozen=True):
    """How long to measure: `seconds` per figure, all contenders in turn, `rounds` times."""

    rounds: int = 3
    seconds: int = 4
    warm_up_seconds: int = 2
    connections: tuple[int, ...] = CONNECTIONS


# (contender, call, connections) -> rates per second, one of each round
Rates = dict[tuple[str, str, int], list[float]]


def run(cache: Path, plan: Plan) -> str:
    """Measure and return tables in Markdown."""
    ours = [quadrangle(), quadrangle_without_database(), bare_litestar()]
    contenders: list[Peer] = [*ours, quadrangle_on_postgres(), *all_peers()]
    ready, notes = _install(contenders, cache)
    rates: Rates = defaultdict(list)
    for number in range(plan.rounds):
        for contender in ready:
            print(f"round {number + 1}: {contender.name}", file=sys.stderr)
            with tempfile.TemporaryDirectory(dir=cache, prefix="round-") as folder:
                _measure(contender, Path(folder), plan, rates)
        with tempfile.TemporaryDirectory(dir=cache, prefix="round-") as folder:
            for group in plan.connections:
                rate = group_commit.rate(Path(folder), group, plan.seconds)
                rates[GROUP_COMMIT, "POST", group].append(rate)
    names = [contender.name for contender in ready]
    post = _table("POST", [names[0], names[1], GROUP_COMMIT, *names[2:]], rates, plan)
    get = _table("GET", names, rates, plan)
    kept = [f"- {c.name}: {c.durable}" for c in ready]
    return "\n".join(
        [
            "### `POST /report-issue`, answers per second",
            "",
            post,
            "",
            _beside("POST", names[1], names[2], rates, plan),
            "",
            "### `GET /issue-status/{id}`, answers per second",
            "",
            get,
            "",
            _beside("GET", names[1], names[2], rates, plan),
            "",
            "What each guarantees when it answers a report:",
            "",
            *kept,
            *notes,
            "",
        ]
    )


def _install(contenders: list[Peer], cache: Path) -> tuple[list[Peer], list[str]]:
    ready, notes = [], []
    for contender in contenders:
        missing = contender.available()
        try:
            if missing is None:
                contender.install(cache)
                ready.append(contender)
        except PeerError as error:
            missing = str(error)
        if missing is not None:
            notes.append(f"- {contender.name} was left out: {missing}")
    return ready, notes


def _measure(contender: Peer, folder: Path, plan: Plan, rates: Rates) -> None:
    base = contender.start(folder)
    try:
        create = contender.create_request()
        answer = send(base, *create)
        read = contender.read_request(json.loads(answer.body))
        # look-ups first: what follows from very many reports would go on beside them
        for call, name in ((read, "GET"), (create, "POST")):
            measure(base, call, connections=8, seconds=plan.warm_up_seconds, workdir=folder)
            for connections in plan.connections:
                seen = measure(
                    base, call, connections=connections, seconds=plan.seconds, workdir=folder
                )
                if seen.failed:
                    print(f"{contender.name}: {seen.failed} failed", file=sys.stderr)
                rates[contender.name, name, connections].append(seen.per_second)
    finally:
        contender.stop()


def _beside(call: str, name: str, other: str, rates: Rates, plan: Plan) -> str:
    """Say how many times the rate of another a contender has."""
    times = []
    for connections in plan.connections:
        pairs = zip(rates[name, call, connections], rates[other, call, connections], strict=True)
        ratio = statistics.median(a / b for a, b in pairs)
        times.append(f"{ratio:.2f}× at {connections}")
    return f"{name}, beside {other}: {', '.join(times)} connections."


def _table(call: str, names: list[str], rates: Rates, plan: Plan) -> str:
    """Rows: contenders. Cells: the median rate, and our rate as a multiple of theirs."""
    head = "| | " + " | ".join(f"{c} conn." for c in plan.connections) + " |"
    lines = [head, "|---" * (len(plan.connections) + 1) + "|"]
    ours = names[0]
    for name in names:
        cells = []
        for connections in plan.connections:
            seen = rates.get((name, call, connections))
            if not seen:
                cells.append("–")
                continue
            cell = f"{statistics.median(seen):,.0f}"
            if name != ours:
                mine = rates[ours, call, connections]
                ratio = statistics.median(a / b for a, b in zip(mine, seen, strict=True))
                cell += f" (ours: {ratio:.2f}×)"
            cells.append(cell)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
