"""The meeting service on one machine."""
