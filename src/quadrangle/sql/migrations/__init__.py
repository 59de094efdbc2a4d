"""Numbered steps that make and change the schema, run in order at every start.

A step is a module `step_NNNN.py` with `statements(dialect) -> list[str]`. A released step is never
edited: add the next number. One that changes a table of `following.FOLLOWING` says so by
`FOLLOWS = True`; it runs in the file that has those.
"""
