"""Keys in files of mode 0600."""
