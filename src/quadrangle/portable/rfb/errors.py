"""What ends an RFB connection."""


class ProtocolViolation(Exception):
    """The connection cannot go on; the message says in a sentence why."""
