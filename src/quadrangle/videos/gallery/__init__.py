"""Videos listed, searched, shown, changed and deleted."""
