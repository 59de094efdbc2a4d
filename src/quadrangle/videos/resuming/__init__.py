"""Where somebody stopped watching: for that person alone, on whatever device they go on."""
