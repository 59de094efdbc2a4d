"""The video room of our own: how the two browsers find each other, and what they type."""
