"""What stops a command."""


class CommandError(Exception):
    """A command cannot do what was asked; the message says why."""
