"""Tokens and sessions: staying in."""
