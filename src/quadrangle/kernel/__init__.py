"""Words every service shares. Standard library and msgspec only."""
