"""Watch: videos from the upload to the last segment played."""
