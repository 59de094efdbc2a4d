"""Install each peer, create and read one issue, load both calls for a few seconds, stop."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from bench.peers import CreateCall, Peer, PeerError, ReadCall, all_peers
from bench.peers.load import Rates, measure
from bench.peers.local_http import Answer, send

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "bench"
CONNECTIONS = (8, 32)
SECONDS = 3
# Node compiles what is hot only after some hundred calls, and Python's workers start lazily.
WARM_UP_SECONDS = 2


def main() -> int:
    """Check every peer; the exit status is 1 when one that can run does not work."""
    if shutil.which("wrk") is None:
        print("wrk is not installed", file=sys.stderr)
        return 1
    CACHE.mkdir(parents=True, exist_ok=True)
    # A list, so that a peer that fails does not keep the next one from being checked.
    working = [_works(peer) for peer in all_peers()]
    return 0 if all(working) else 1


def _works(peer: Peer) -> bool:
    """Check one peer and print what was seen; a peer this machine cannot run counts as well."""
    missing = peer.available()
    if missing is not None:
        print(f"{peer.name}: skipped. {missing}")
        return True
    try:
        peer.install(CACHE)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="check-") as workdir:
            failed = _check(peer, Path(workdir))
    except PeerError as error:
        print(f"{peer.name}: {error}", file=sys.stderr)
        return False
    return failed == 0


def _check(peer: Peer, workdir: Path) -> int:
    """Run one peer through both calls; returns the number of failed requests under load."""
    try:
        base = peer.start(workdir)
        create = peer.create_request()
        created = _good(send(base, *create))
        read = peer.read_request(json.loads(created.body))
        _good(send(base, *read))
        print(f"{peer.name}: {peer.durable}")
        return _load(base, "create", create, workdir) + _load(base, "get", read, workdir)
    finally:
        peer.stop()


def _good(answer: Answer) -> Answer:
    """The same answer; PeerError unless its status is 2xx."""
    if not 200 <= answer.status < 300:
        raise PeerError(f"answered {answer.status}: {answer.body[:500]!r}")
    return answer


def _load(base: str, what: str, call: CreateCall | ReadCall, workdir: Path) -> int:
    """Warm up, then measure and print each number of connections; returns the failures."""
    measure(base, call, connections=max(CONNECTIONS), seconds=WARM_UP_SECONDS, workdir=workdir)
    runs = [
        measure(base, call, connections=number, seconds=SECONDS, workdir=workdir)
        for number in CONNECTIONS
    ]
    for rates in runs:
        print(_line(what, rates), flush=True)
    return sum(rates.failed for rates in runs)


def _line(what: str, rates: Rates) -> str:
    return (
        f"  {what:6} {rates.connections:3} connections {rates.per_second:8.0f}/s"
        f"   p50 {rates.p50_ms:7.1f} ms   p99 {rates.p99_ms:7.1f} ms   {rates.failed} failed"
    )


if __name__ == "__main__":
    sys.exit(main())
