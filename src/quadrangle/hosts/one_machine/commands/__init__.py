"""What `quadrangle` does besides serving."""
