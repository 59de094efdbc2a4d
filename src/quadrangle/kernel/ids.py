"""Ids that cannot be guessed."""

import uuid


def new_id() -> str:
    """Return a random UUID (version 4) in its usual text form."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """Tell whether `text` has the form `new_id` gives, so that a store need not be asked."""
    if len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
