"""What a shim is told to do, as JSON in a file of its folder."""

import json
from typing import Any, NamedTuple

# what a shim says on its output once it knows; after FAILED comes a sentence
STARTED, HELD, SPENT, FAILED = "started", "held", "spent", "failed"
# where bwrap tells the shim its first process (--info-fd); out of the way of whatever is open
INFO_FD = 199


class Plan(NamedTuple):
    """One sandbox to keep.

    `folder` is the machine's, where the shim writes what becomes of it; `command` starts the
    sandbox. `ends_at` is seconds since 1970. `socket` is the name to listen on in the folder,
    handed to the sandbox as standard input; without one standard input is a pipe, and `farewell`
    is written to it to end. `output` is a file in the folder for standard output; without one it
    goes to the log.

    `disk` is a folder that is made ready for the sandbox to write in; with `image`, a file system
    of `image_bytes` in that file is mounted there. `watch_bytes` is what `disk` may hold where no
    file system bounds it. `file_bytes` bounds each file.

    Only for a shim of root: `user` runs the sandbox; `binds` (source, target) are made below
    `stage`, out of everybody else's sight. `group` names a control group of `memory_bytes` and
    `processes`, `all_memory_bytes` for all groups together; each process is bounded by
    `memory_bytes` besides.
    """

    folder: str
    command: list[str]
    ends_at: float
    socket: str = ""
    farewell: str = ""
    output: str = ""
    disk: str = ""
    image: str = ""
    image_bytes: int = 0
    watch_bytes: int = 0
    file_bytes: int = 0
    user: int | None = None
    stage: str = ""
    binds: list[list[str]] = []
    group: str = ""
    memory_bytes: int = 0
    all_memory_bytes: int = 0
    processes: int = 0
    nice: int = 0
    oom_score: int = 0

    def to_json(self) -> str:
        return json.dumps(self._asdict())


def read_plan(path: str) -> Plan:
    with open(path) as file:
        fields: dict[str, Any] = json.load(file)
    return Plan(**fields)
