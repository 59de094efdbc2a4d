"""Open hours and who takes them, series, and how meetings come into calendars."""
