"""What the HTTP side of every service shares: bodies, errors, who is asking, limits."""
