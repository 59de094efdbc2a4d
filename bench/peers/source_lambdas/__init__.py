"""The source's Lambdas in Python, as its documents write them."""
