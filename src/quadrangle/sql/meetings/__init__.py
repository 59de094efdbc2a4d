"""Meetings on SQL."""
