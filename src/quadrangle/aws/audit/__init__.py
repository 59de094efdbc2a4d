"""The audit on AWS."""
