"""Speech written down by a model of this machine, in a sandbox of its own."""
