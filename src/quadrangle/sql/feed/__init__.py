"""The change feed, and what dispatches from it."""
