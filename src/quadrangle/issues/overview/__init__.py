"""Lists, search and figures over many issues."""
