"""Signing in by an outside issuer."""
