"""Taking in what is sent: strictly, in time, and to its end."""
