"""The idempotency token of a launch."""

import hashlib

from quadrangle.meetings.model import MeetingRole


def token_of(meeting_id: str, role: MeetingRole, generation: int, attempt: int) -> str:
    """Return it: the same for the same launch, another for each attempt; 64 ASCII characters.

    Idempotency holds within a zone on EC2, and each attempt has one zone.
    """
    told = f"{meeting_id}:{role.value}:{generation}:{attempt}"
    return hashlib.sha256(told.encode()).hexdigest()
