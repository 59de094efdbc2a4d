"""Films cut, and films put in the place of others."""
