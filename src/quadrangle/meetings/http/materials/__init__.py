"""What lies around a meeting: files, what was typed, recordings, what came of it."""
