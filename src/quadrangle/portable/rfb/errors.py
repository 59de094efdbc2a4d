"""What ends an RFB connection."""

from quadrangle.http.streaming.line import FlowBroken


class ProtocolViolation(FlowBroken):
    """The connection cannot go on; the message says in a sentence why."""
