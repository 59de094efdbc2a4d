"""Starts a sandbox, tied to this process and bounded, and ends it."""

import ctypes
import json
import os
import resource
import signal
import subprocess

from quadrangle.machine.desktops.shim.cgroups import Group
from quadrangle.machine.desktops.shim.namespaces import Process, end_namespace
from quadrangle.machine.desktops.shim.plan import INFO_FD, Plan

GENTLY_S = 3.0
_FAREWELL_S = 5.0
_REAP_S = 2.0
_OPEN_FILES = 4096
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Sandbox:
    """The running sandbox. `init` is its first process as we number it, None when it never was."""

    def __init__(self, process: "subprocess.Popen[bytes]", init: int | None, plan: Plan) -> None:
        self._process = process
        self.init = init
        self._plan = plan
        self._first = _process(init)

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        """End it and all that runs in it; returns when nothing is left."""
        if self._plan.farewell and not self.has_ended():
            self._say_farewell()
        if self._first is not None:
            end_namespace(self._first, GENTLY_S)
        try:
            self._process.wait(_REAP_S)  # bwrap follows by itself, and reaps its child
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _say_farewell(self) -> None:
        try:
            self._process.communicate(self._plan.farewell.encode(), timeout=_FAREWELL_S)
        except (subprocess.TimeoutExpired, OSError):
            return


def _process(number: int | None) -> Process | None:
    try:
        return None if number is None else Process(number)
    except ProcessLookupError:
        return None


def start(plan: Plan, stdin: int, stdout: int, stderr: int, group: Group | None) -> Sandbox:
    """Start what the plan says. Raises OSError."""
    reader, writer = os.pipe2(os.O_CLOEXEC)
    os.dup2(writer, INFO_FD, inheritable=True)
    os.close(writer)
    shim = os.getpid()

    def confine() -> None:
        if group is not None:
            group.enter()
        _confine(plan, shim)

    process = subprocess.Popen(
        plan.command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=[INFO_FD],
        preexec_fn=confine,
    )
    os.close(INFO_FD)
    with open(reader, "rb") as info:
        said = info.read()
    return Sandbox(process, json.loads(said)["child-pid"] if said else None, plan)


def _confine(plan: Plan, shim: int) -> None:
    """Runs in the child, and holds for everything that it will start."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write(str(plan.oom_score))
    os.setpriority(os.PRIO_PROCESS, 0, plan.nice)
    for number in signal.valid_signals():  # a service under nohup hands on that it hears no hangup
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    bounds = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: _OPEN_FILES}
    if plan.memory_bytes:
        bounds[resource.RLIMIT_DATA] = plan.memory_bytes
    if plan.file_bytes:
        bounds[resource.RLIMIT_FSIZE] = plan.file_bytes
    if plan.user is not None:
        bounds[resource.RLIMIT_NPROC] = plan.processes
    for what, most in bounds.items():
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    if plan.user is not None:
        os.setgroups([])
        os.setresgid(plan.user, plan.user, plan.user)
        os.setresuid(plan.user, plan.user, plan.user)
    # After the change of user, which takes it back. bwrap asks for the same, but only later.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != shim:
        os._exit(1)
