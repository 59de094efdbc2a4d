"""What meetings cost: a section for each of their parts."""

from __future__ import annotations

from bench import desktops, meeting_lists, meeting_starts


def run() -> str:
    """Measure the parts, one after another, and return the page of results."""
    return "\n".join([desktops.run(), meeting_lists.run(), meeting_starts.run()])
