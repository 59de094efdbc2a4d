"""What is kept beside a meeting: one sheet of a kind for each."""

import msgspec


class Sheet(msgspec.Struct, frozen=True):
    """The least of every kind. `version` grows with every write; 0 was never written. `look_at` is
    from when something is to be done about it, None while nothing is."""

    meeting_id: str
    version: int = 0
    look_at: str | None = None
