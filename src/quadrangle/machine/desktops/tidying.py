"""Takes away what is of no use to anyone any more."""

from datetime import datetime, timedelta

from quadrangle.kernel.clock import from_text
from quadrangle.machine.desktops.records import DISK, IMAGE, RECORDINGS, Records, group_of
from quadrangle.machine.desktops.shim.cgroups import found_group
from quadrangle.machine.desktops.shim.notes import BEGUN, read_note
from quadrangle.machine.desktops.shim.usage import remove_tree

# How long a token is known to be used after its desktop's time: longer than anybody repeats it.
REMEMBERED = timedelta(days=1)


def tidy(records: Records, now: datetime) -> None:
    """Remove folders of tokens that need no longer be remembered, and what killed shims left.

    Called with the lock of launches held. What holds a home or a recording stays.
    """
    for machine_id in list(records.machine_ids()):
        if records.shim(machine_id) is not None:
            continue
        found_group(group_of(records.folder(machine_id))).remove()
        record = records.read(machine_id)
        over = record is None or from_text(record.order.ends_at) + REMEMBERED < now
        if over and not _holds_something(records, machine_id):
            remove_tree(records.folder(machine_id))


def _holds_something(records: Records, machine_id: str) -> bool:
    folder = records.folder(machine_id)
    if (folder / RECORDINGS).is_dir() and any((folder / RECORDINGS).iterdir()):
        return True
    if read_note(str(folder), BEGUN) is None:  # never started, so nobody's
        return False
    return (folder / IMAGE).exists() or (folder / DISK).exists()
