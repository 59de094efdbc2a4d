"""What proves who one is: passwords, codes, recovery codes."""
