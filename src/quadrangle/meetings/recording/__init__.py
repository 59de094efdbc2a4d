"""Recordings of desktops: asked for, agreed to by both, filmed, handed over."""
