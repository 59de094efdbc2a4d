"""The video room. Frozen values; instants are texts as kernel.clock.to_text writes them."""

from enum import StrEnum

import msgspec

from quadrangle.meetings.model import MeetingRole


class Kind(StrEnum):
    """What a message is. All but chat is for the browsers themselves to read."""

    OFFER = "offer"
    ANSWER = "answer"
    CANDIDATE = "candidate"
    BYE = "bye"
    PING = "ping"
    CHAT = "chat"


class Participant(msgspec.Struct, frozen=True):
    """One page in the room. A reload makes another one; a side has one at a time.

    `left_at` None: it is there, last heard of at `seen_at`. Nothing is kept after `until`.
    """

    participant_id: str
    meeting_id: str
    role: MeetingRole
    came_at: str
    seen_at: str
    until: str
    left_at: str | None = None


class Message(msgspec.Struct, frozen=True):
    """One message. `place` grows within a meeting and is 0 until it is stored.

    `recipient` is a participant's id, None for everyone who is or will be in the room. `data` is
    the text of a chat, or JSON for browsers. Nothing is kept after `until`.
    """

    meeting_id: str
    sender: str
    sender_role: MeetingRole
    recipient: str | None
    kind: Kind
    data: str
    at: str
    until: str
    place: int = 0


class IceServer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of RTCConfiguration.iceServers."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = None
