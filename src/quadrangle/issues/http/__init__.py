"""The calls about issues, and their shapes on the wire."""
