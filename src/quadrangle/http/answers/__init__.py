"""What answers have in common: errors, files and parts of them, and how they travel."""
