"""What a shim writes down in its folder for whoever comes later. Each note is whole or not there.

- `begun`: a shim took the lock; the token is used
- `running`: the sandbox was started
- `ended`: and why it is over. Missing when the shim was killed
"""

import json
import os
from typing import Any

BEGUN, RUNNING, ENDED = "begun", "running", "ended"


def write_note(folder: str, name: str, **content: Any) -> None:
    path = os.path.join(folder, name)
    temporary = f"{path}~"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def read_note(folder: str, name: str) -> dict[str, Any] | None:
    """Return what a note says, None where it is not there."""
    try:
        with open(os.path.join(folder, name)) as file:
            return json.load(file)
    except FileNotFoundError:
        return None
