"""What every function shares: its start, environment, parts, and how it answers."""
