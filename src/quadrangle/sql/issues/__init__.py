"""The stores of the issue service."""
