"""Letters to people with whom somebody shares a video."""
