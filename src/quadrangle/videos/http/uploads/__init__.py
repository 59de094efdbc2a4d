"""Bringing films in, whole or in parts."""
