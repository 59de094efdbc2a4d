"""Photos of issues: received, re-encoded, shown."""
