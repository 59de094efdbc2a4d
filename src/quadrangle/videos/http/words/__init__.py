"""What is said and shown in a film: captions, chapters, search."""
