"""What may keep an answer: browsers, and whatever stands between."""

PRIVATE = {"Cache-Control": "no-store"}  # headers of an answer that is for who asked alone
