"""Videos for people by their names, and for courses."""
