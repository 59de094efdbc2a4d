"""What is on disk, so that a power cut leaves it there."""

import os
from pathlib import Path


def force_to_disk(path: Path) -> None:
    """Wait until the disk has what was written to a file; of a folder, the names made, replaced or
    removed in it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
