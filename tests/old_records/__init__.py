"""What an earlier release has stored, this one reads, on both wings.

`frozen/` holds what releases wrote: never edited. Each service says in its `samples.py` what it had
them write, so a field that came later is not said there and must have its default.
`python -m tests.old_records.freeze NAME` has the present program write the samples into
`frozen/NAME/`: before a release that stores something new.
"""
