"""What lies around a meeting: files handed out and taken home, recordings, what came of it."""
