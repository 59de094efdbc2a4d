"""What a sandbox sees of us: who it is, and what runs in it. Copied, so that it can be read by
whoever runs it, wherever and as whosever this program lies."""

import os
import secrets
import shutil
import struct
from pathlib import Path

from quadrangle.machine.desktops.bubblewrap import GROUP, HOME, PERSON

_INSIDE = Path(__file__).with_name("inside")
_TERMINAL = "lib/quadrangle/portable/terminal"
_EVERYBODY = 0xFFFF  # FamilyWild: the cookie holds for every display


def give(given: Path, terminal: Path) -> None:
    """Make the folder `given`; `terminal` is the folder of the terminal's server."""
    shutil.rmtree(given, ignore_errors=True)
    shutil.copytree(_INSIDE, given, copy_function=shutil.copyfile)
    (given / _TERMINAL).mkdir(parents=True)
    for module in terminal.glob("*.py"):
        shutil.copyfile(module, given / _TERMINAL / module.name)
    person = f"student:x:{PERSON}:{GROUP}:Student:{HOME}:/bin/bash\n"
    (given / "passwd").write_text(person + "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n")
    (given / "group").write_text(f"student:x:{GROUP}:\nnogroup:x:65534:\n")
    (given / "xauth").write_bytes(_cookie())
    for folder, _, names in os.walk(given):
        os.chmod(folder, 0o755)
        for name in names:
            os.chmod(Path(folder, name), 0o755 if name.endswith(".sh") else 0o644)


def _cookie() -> bytes:
    """An X authority file with a new cookie: who cannot read it cannot use the display."""
    fields = (b"", b"", b"MIT-MAGIC-COOKIE-1", secrets.token_bytes(16))
    return struct.pack(">H", _EVERYBODY) + b"".join(
        struct.pack(">H", len(field)) + field for field in fields
    )
