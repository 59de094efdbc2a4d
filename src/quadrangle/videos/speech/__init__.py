"""What is said in a film, written down by a model: automatic captions."""
