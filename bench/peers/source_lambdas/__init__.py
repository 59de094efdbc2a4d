"""Bare handlers: the source's Lambdas as its documents write them, and others of their kind."""
