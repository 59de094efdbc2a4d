"""What came of a meeting: what its page shows afterwards."""
