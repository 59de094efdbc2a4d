"""Video rooms elsewhere."""
