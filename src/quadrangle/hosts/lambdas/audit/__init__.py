"""The functions of the audit."""
