"""The outbox: every mail until it is delivered, and where staff sees how that went."""
