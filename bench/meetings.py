"""What meetings cost: a section for each of their parts."""

from __future__ import annotations

from bench import bridge, desktops, meeting_lists, meeting_starts


def run() -> str:
    """Measure the parts, one after another, and return the page of results."""
    return "\n".join([each.run() for each in (desktops, bridge, meeting_lists, meeting_starts)])
