"""What staff sees of the meetings that run, and does for those that are stuck."""
