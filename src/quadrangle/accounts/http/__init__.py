"""The calls about accounts, and their shapes on the wire."""
