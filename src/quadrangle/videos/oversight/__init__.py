"""What staff sees of the making of videos, and does for those that failed."""
