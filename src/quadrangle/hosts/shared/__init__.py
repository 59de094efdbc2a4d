"""What the hosts of both wings assemble alike."""
