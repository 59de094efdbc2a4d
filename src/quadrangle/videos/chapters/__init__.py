"""Parts of a film: given by its owner, read from its description, or found by its slides."""
