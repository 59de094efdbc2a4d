"""Answers that last: streams of changes, and bridges between a browser and a desktop."""
