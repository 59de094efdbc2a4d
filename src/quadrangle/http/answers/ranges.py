"""Parts of files that clients ask for by `Range`."""

import re

_ONE = re.compile(r"bytes=([0-9]*)-([0-9]*)")


class NotSatisfiable(Exception):
    """The file has no such part."""


def range_of(header: str | None, size: int) -> tuple[int, int] | None:
    """Return where a part begins and how long it is; None for the whole file.

    Several parts at once, and what is no range at all, are answered by the whole. Raises
    NotSatisfiable.
    """
    match = _ONE.fullmatch((header or "").strip().replace(" ", ""))
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise NotSatisfiable
        return size - length, length
    begin, end = int(first), min(int(last or size - 1), size - 1)
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise NotSatisfiable
    return begin, end - begin + 1
