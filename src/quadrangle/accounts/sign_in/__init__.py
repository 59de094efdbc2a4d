"""Getting in, and what keeps guessing slow."""
