"""Starts the stand-in for AWS (ministack) with its gaps closed. Run by the stand-in's own Python.

Which tests lean on which patch is said at each.
"""

from ministack.app import main


def run() -> None:
    """Serve until SIGTERM."""
    main()


if __name__ == "__main__":
    run()
