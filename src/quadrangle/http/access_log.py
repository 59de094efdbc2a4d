"""One line of the log per request, and what else it says."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

_LOG_EVERY_S = 0.1
LOGGED = "quadrangle.logged"  # in a scope: what else its log line says


class AccessLog:
    """One JSON line per request on standard output; `gathered`, a few times a second in one go.

    Unless `whole`, it has only what went wrong here, such as for a person who looks at a terminal.
    Paths are logged without their query, which may hold what people typed, and without what comes
    after one of `secret_paths`, whatever is answered there.
    """

    def __init__(
        self, *, gathered: bool = True, secret_paths: tuple[str, ...] = (), whole: bool = True
    ) -> None:
        self._whole = whole
        self._gathered = gathered
        self._secret_paths = secret_paths
        self._lines: list[bytes] = []
        self._scheduled = False

    def line(
        self,
        request_id: str,
        method: str,
        path: str,
        status: int,
        seconds: float,
        more: Mapping[str, str] | None = None,
    ) -> None:
        if not self._whole and status < 500:
            return
        self._lines.append(
            msgspec.json.encode(
                {
                    "event": "request",
                    "level": "info",
                    "timestamp": time.time(),
                    "request_id": request_id,
                    "method": method,
                    "path": self._without_secret(path),
                    "status": status,
                    "ms": round(seconds * 1000, 2),
                    **(more or {}),
                }
            )
        )
        if not self._gathered:
            self.flush()
        elif not self._scheduled:
            self._scheduled = True
            _call_later(_LOG_EVERY_S, self.flush)

    def _without_secret(self, path: str) -> str:
        for beginning in self._secret_paths:
            if path.startswith(beginning):
                return f"{beginning}…"
        return path

    def flush(self) -> None:
        """Write what has gathered."""
        self._scheduled = False
        lines, self._lines = self._lines, []
        if lines:
            with contextlib.suppress(BrokenPipeError):  # whoever read the log has gone
                sys.stdout.buffer.write(b"\n".join(lines) + b"\n")
                sys.stdout.buffer.flush()


def log_also(scope: Any, **fields: str) -> None:
    """Have the log line of a request say more; never what people typed."""
    scope.setdefault(LOGGED, {}).update(fields)


def _call_later(seconds: float, callback: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, callback)
