"""What meetings cost: a section for each of their parts."""

from __future__ import annotations

from bench import desktops


def run() -> str:
    """Measure the parts, one after another, and return the page of results."""
    return "\n".join([desktops.run()])
