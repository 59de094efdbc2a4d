"""The calls about videos, and their shapes on the wire."""
