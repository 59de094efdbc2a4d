"""Meetings on AWS."""
