"""The functions of the issue service."""
