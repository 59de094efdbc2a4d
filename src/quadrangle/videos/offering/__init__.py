"""What an owner lets others take along: the film as a file, the player in pages elsewhere."""
