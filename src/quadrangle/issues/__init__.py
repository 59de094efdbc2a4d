"""Report it: issues, their conversation and their way to being resolved."""
