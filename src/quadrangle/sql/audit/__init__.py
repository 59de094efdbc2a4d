"""The store of the audit."""
