"""One machine: a server, a worker, commands."""
