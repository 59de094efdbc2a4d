"""`quadrangle` commands in processes that have loaded it before: to start takes longer than to act.

Each is a process of its own all the same, forked from one that does nothing else, so what a command
does to itself (file modes, logs, event loops) stays with it.
"""

import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from quadrangle.cli import main

END_S = 120
_loaded = multiprocessing.get_context("forkserver")
_loaded.set_forkserver_preload(
    [
        __name__,
        "quadrangle.hosts.one_machine.commands.table",
        "quadrangle.hosts.one_machine.background",
        "quadrangle.hosts.one_machine.serve",
        "quadrangle.hosts.one_machine.server",
    ]
)


def run_command(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end. Raises TimeoutExpired when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("stdout", "stderr")]
        process = _loaded.Process(target=_run, args=(arguments, dict(environment), said))
        process.start()
        process.join(END_S)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(["quadrangle", *arguments], END_S)
        out, err = (path.read_text() for path in said)
    return subprocess.CompletedProcess(["quadrangle", *arguments], process.exitcode, out, err)


def _run(arguments: Sequence[str], environment: dict[str, str], said: list[Path]) -> None:
    for number, path in enumerate(said, 1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    main(arguments)
