"""A shell on a socket, as the sandbox has it, without the sandbox."""

import os
import socket
import subprocess
import sys
from pathlib import Path

_SERVER = "quadrangle.portable.terminal.pty_server"


class Terminal:
    """Runs `command` on a pty; `socket` is where the terminal protocol is spoken."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.socket = folder / "terminal"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.socket))
        self._listener.listen()
        self._child = subprocess.Popen(
            [sys.executable, "-c", f"from {_SERVER} import main; main()", *command],
            stdin=self._listener.fileno(),
            env={**os.environ, "TERM": "xterm-256color", "PS1": "$ "},
            start_new_session=True,
        )

    def stop(self) -> None:
        self._child.terminate()
        self._child.wait(10)
        self._listener.close()
