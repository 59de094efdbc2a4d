"""Signing in by an outside issuer: OpenID Connect."""
