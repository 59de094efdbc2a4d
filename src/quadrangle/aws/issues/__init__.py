"""The issue service on AWS."""
