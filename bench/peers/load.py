"""Load from wrk on one request, whatever its method, headers and body."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

from bench.peers.base import CreateCall, PeerError, ReadCall

LATE_SECONDS = 10

SUMMARY = """
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"answers": %d, "refused": %d, "broken": %d, "micros": %d, "p50": %d, "p99": %d}\\n',
    summary.requests, e.status, e.connect + e.read + e.write + e.timeout,
    summary.duration, latency:percentile(50), latency:percentile(99)))
end
"""


class Rates(NamedTuple):
    """What one run of wrk saw; `failed` counts HTTP errors, broken connections and answers
    that took more than LATE_SECONDS.
    """

    connections: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int


def script(call: CreateCall | ReadCall) -> str:
    """A wrk script that sends `call` and ends with one line of JSON."""
    body = call.body if isinstance(call, CreateCall) else b""
    lines = [f"wrk.method = {_lua(call.method.encode())}"]
    lines += [
        f"wrk.headers[{_lua(name.encode())}] = {_lua(value.encode())}"
        for name, value in call.headers.items()
    ]
    if body:
        lines.append(f"wrk.body = {_lua(body)}")
    return "\n".join(lines) + SUMMARY


def measure(
    base: str, call: CreateCall | ReadCall, *, connections: int, seconds: int, workdir: Path
) -> Rates:
    """Send `call` to `base` over `connections` for `seconds`; only good answers count as rate.

    Raises PeerError when wrk fails.
    """
    lua = workdir / "call.lua"
    lua.write_text(script(call))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={LATE_SECONDS}s"]
    command += ["-s", str(lua), base + call.path]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    if done.returncode:
        raise PeerError(f"wrk ended with {done.returncode}: {done.stdout}{done.stderr}")
    seen = json.loads(done.stdout.splitlines()[-1])
    return Rates(
        connections=connections,
        per_second=(seen["answers"] - seen["refused"]) * 1e6 / seen["micros"],
        p50_ms=seen["p50"] / 1000,
        p99_ms=seen["p99"] / 1000,
        failed=seen["refused"] + seen["broken"],
    )


def _lua(data: bytes) -> str:
    """`data` as a Lua string literal."""
    plain = set(range(32, 127)) - set(b'"\\')
    return '"' + "".join(chr(b) if b in plain else f"\\{b:03d}" for b in data) + '"'
