"""Videos as people see them."""
