"""Keeps one sandbox from its start to its end."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable

from quadrangle.machine.desktops.shim import cgroups
from quadrangle.machine.desktops.shim.log import Log
from quadrangle.machine.desktops.shim.namespaces import born
from quadrangle.machine.desktops.shim.notes import BEGUN, ENDED, RUNNING, read_note, write_note
from quadrangle.machine.desktops.shim.plan import Plan
from quadrangle.machine.desktops.shim.sandbox import Sandbox, start
from quadrangle.machine.desktops.shim.stage import make_ready
from quadrangle.machine.desktops.shim.usage import Watch

_LOOK_S = 1.0  # the wall clock may be set, and a watched disk fills


class Spent(Exception):
    """The sandbox of this folder was begun before, and there is no second."""


class Keeper:
    """Starts the sandbox of `plan` and keeps it. Made with the folder's lock held."""

    def __init__(self, plan: Plan) -> None:
        if read_note(plan.folder, BEGUN) is not None:
            raise Spent
        self._plan = plan
        self._asked = False
        self._wakes = _wakes_on_signals(self._ask)
        self._log = Log(f"{plan.folder}/log")
        make_ready(plan)
        self._group = self._make_group()
        write_note(plan.folder, BEGUN, process=os.getpid())
        self._sandbox = self._start()
        init = self._sandbox.init
        self._watch = None
        if plan.watch_bytes and init is not None:
            self._watch = Watch(plan.disk, plan.watch_bytes, init)
        write_note(
            plan.folder,
            RUNNING,
            init=init,
            born=None if init is None else born(init),
            bounded_as_one=self._group is not None,
        )

    def keep(self) -> None:
        """Return when the sandbox is over and nothing of it is left."""
        reason = self._wait()
        self._sandbox.end()
        self._log.drain()
        if self._group is not None:
            self._group.remove()
        if self._plan.socket:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self._plan.folder}/{self._plan.socket}")
        write_note(self._plan.folder, ENDED, reason=reason, at=time.time())

    def _ask(self, *_: object) -> None:
        self._asked = True

    def _make_group(self) -> cgroups.Group | None:
        plan = self._plan
        if not plan.group:
            return None
        return cgroups.make_group(
            plan.group, plan.memory_bytes, plan.processes, plan.all_memory_bytes
        )

    def _start(self) -> Sandbox:
        plan = self._plan
        said = self._log.writer
        stdin = _listen(plan) if plan.socket else None
        output = _create(plan) if plan.output else None
        try:
            return start(
                plan,
                subprocess.PIPE if stdin is None else stdin.fileno(),
                said if output is None else output,
                said,
                self._group,
            )
        finally:
            # The sandbox alone holds them now: who calls a dead one is told so at once.
            if stdin is not None:
                stdin.close()
            if output is not None:
                os.close(output)
            os.close(said)

    def _wait(self) -> str:
        poll = select.poll()
        poll.register(self._wakes, select.POLLIN)
        poll.register(self._log.reader, select.POLLIN)
        while True:
            if self._sandbox.has_ended():
                return "It ended by itself."
            if self._asked:
                return "It was ended."
            left = self._plan.ends_at - time.time()
            if left <= 0:
                return "Its time was over."
            if self._watch is not None and self._watch.is_over():
                return "It filled its disk."
            for descriptor, _ in poll.poll(min(left, _LOOK_S) * 1000):
                if descriptor == self._wakes:
                    os.read(self._wakes, 64)
                elif not self._log.copy():
                    poll.unregister(descriptor)


def _wakes_on_signals(ask: Callable[..., None]) -> int:
    """Have SIGTERM ask for the end; return what can be read after each signal."""
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, ask)
    # The latter two are meant for the service. Not ignored, which the sandbox would inherit.
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reader


def _listen(plan: Plan) -> socket.socket:
    """Listen in the folder, where only our own user gets. Its name is short however long the
    folder's is, as sockets' paths are bounded."""
    os.chdir(plan.folder)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(plan.socket)
    os.chmod(plan.socket, 0o600)
    listener.listen(16)
    os.chdir("/")
    return listener


def _create(plan: Plan) -> int:
    path = f"{plan.folder}/{plan.output}"
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
