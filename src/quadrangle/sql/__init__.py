"""Stores, the change feed and the job engine on SQLite or PostgreSQL."""
