"""A web terminal: a shell on a pty whose viewers come and go, and what they speak with it."""
