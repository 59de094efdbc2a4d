"""Uploads that may break off and go on: tus 1.0."""
