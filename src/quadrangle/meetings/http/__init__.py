"""The calls about meetings, and their shapes on the wire."""
