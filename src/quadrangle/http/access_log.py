"""One line of the log per request, and what else it says."""

import asyncio
import contextlib
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

_LOG_EVERY_S = 0.1
_SLASHES = re.compile("/{2,}")
LOGGED = "quadrangle.logged"  # in a scope: what else its log line says
_encoder = msgspec.json.Encoder()


class _Line(msgspec.Struct, tag_field="event", tag="request"):
    timestamp: datetime  # as in all other lines
    request_id: str
    method: str
    path: str
    status: int
    ms: float
    level: str = "info"


_FIELDS = frozenset({"event", *_Line.__struct_fields__})


def _with(line: _Line, more: Mapping[str, str]) -> msgspec.Raw:
    """Return a line with what else is said, which may also say a field of it otherwise."""
    if more.keys() & _FIELDS:
        return msgspec.Raw(_encoder.encode({**msgspec.to_builtins(line), **more}))
    return msgspec.Raw(_encoder.encode(line)[:-1] + b"," + _encoder.encode(more)[1:])


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
        self._lines: list[_Line | msgspec.Raw] = []
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
        path = self._without_secret(path)
        milliseconds = round(seconds * 1000, 2)
        line = _Line(datetime.now(UTC), request_id, method, path, status, milliseconds)
        self._lines.append(line if not more else _with(line, more))
        if not self._gathered:
            self.flush()
        elif not self._scheduled:
            self._scheduled = True
            _call_later(_LOG_EVERY_S, self.flush)

    def _without_secret(self, path: str) -> str:
        asked = path if "//" not in path else _SLASHES.sub("/", path)  # which is answered alike
        if not asked.startswith(self._secret_paths):
            return path
        return f"{next(known for known in self._secret_paths if asked.startswith(known))}…"

    def flush(self) -> None:
        """Write what has gathered."""
        self._scheduled = False
        lines, self._lines = self._lines, []
        if lines:
            # whoever read the log has gone, or there is no room for it: requests go on
            with contextlib.suppress(OSError):
                sys.stdout.buffer.write(_encoder.encode_lines(lines))
                sys.stdout.buffer.flush()


def log_also(scope: Any, **fields: str) -> None:
    """Have the log line of a request say more; never what people typed."""
    scope.setdefault(LOGGED, {}).update(fields)


def _call_later(seconds: float, callback: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, callback)
