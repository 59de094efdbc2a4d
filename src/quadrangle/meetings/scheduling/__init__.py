"""When meetings are, and what they take of their teachers and of the machine."""
