"""A real desktop for tests: Xvnc alone on a Unix socket, with X programs to look at it."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from tests.running import wait_for

XVNC = shutil.which("Xvnc")
TOOLS = ("xdotool", "xclip", "xterm", "xsetroot")
NO_XVNC = "no Xvnc: apt install tigervnc-standalone-server xterm xdotool xclip x11-xserver-utils"


def is_installed() -> bool:
    return XVNC is not None and all(shutil.which(tool) for tool in TOOLS)


class Xvnc:
    """One X server without a window manager. `socket` is where RFB is spoken."""

    def __init__(self, folder: Path, size: str = "640x480") -> None:
        self.socket = folder / "rfb"
        self.display = ""
        self._size = size
        self._log = folder / "xvnc.log"
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self) -> "Xvnc":
        assert XVNC is not None
        told, tell = os.pipe()
        with self._log.open("ab") as log:
            self._run(
                [
                    XVNC,
                    "-displayfd",
                    str(tell),
                    *("-rfbport", "-1", "-rfbunixpath", str(self.socket)),
                    *("-rfbunixmode", "0600", "-nolisten", "tcp", "-SecurityTypes", "None"),
                    *("-geometry", self._size, "-depth", "24", "-UseBlacklist=0"),
                    *("-desktop", secrets.token_hex(4), "-Log", "*:stdout:30"),
                ],
                log,
                (tell,),
            )
        os.close(tell)
        with os.fdopen(told) as number:
            self.display = f":{number.readline().strip()}"
        wait_for(self.socket.exists, f"Xvnc to listen: {self._log.read_text()[-500:]}")
        return self

    def run(self, *command: str, **options) -> subprocess.Popen[bytes]:
        """Start a program on the desktop."""
        return self._run(list(command), subprocess.DEVNULL, (), **options)

    def ask(self, *command: str, text: str | None = None) -> str:
        """Run a program on the desktop to its end and return what it says."""
        done = subprocess.run(
            command,
            env=self._environment(),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return done.stdout

    def pointer(self) -> str:
        return self.ask("xdotool", "getmouselocation", "--shell").split("SCREEN")[0]

    def size(self) -> str:
        return self.ask("xdotool", "getdisplaygeometry").strip()

    def clipboard(self) -> str:
        return self.ask("xclip", "-selection", "clipboard", "-o", "-t", "UTF8_STRING")

    def copy(self, text: str) -> None:
        """Put text into the clipboard, as a program on the desktop does."""
        child = self.run("xclip", "-selection", "clipboard", "-i", "-quiet", stdin=subprocess.PIPE)
        assert child.stdin is not None
        child.stdin.write(text.encode())
        child.stdin.close()
        wait_for(lambda: self.clipboard() == text, "the text to be in the clipboard")

    def stop(self) -> None:
        for child in reversed(self._children):
            child.terminate()
            child.wait(10)

    def _run(self, command, output, kept, **options) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            pass_fds=kept,
            env=self._environment(),
            **{"stdin": subprocess.DEVNULL, **options},
        )
        self._children.append(child)
        return child

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}
