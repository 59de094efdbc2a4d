"""Passwords, tokens and what seals secrets."""
