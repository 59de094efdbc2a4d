"""Who is connected from when to when, apart from the meeting's status."""
