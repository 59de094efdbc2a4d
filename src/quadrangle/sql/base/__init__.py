"""The database itself: connections, groups of writes, signals, copies."""
