"""What players are given: addresses of media that hold for a while, and views counted."""
