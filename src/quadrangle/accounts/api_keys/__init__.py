"""Keys that machines call with."""
