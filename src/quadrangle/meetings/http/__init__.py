"""The calls of the meeting service."""
