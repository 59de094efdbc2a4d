"""Pictures re-encoded in a confined child process."""
