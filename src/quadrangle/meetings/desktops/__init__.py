"""What makes desktops, and what leads to them."""
