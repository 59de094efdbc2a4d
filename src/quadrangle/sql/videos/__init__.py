"""The stores of the video service."""
