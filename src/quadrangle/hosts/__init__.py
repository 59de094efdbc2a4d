"""The only code that picks parts: settings in, a running program out."""
