"""The functions of the meeting service."""
