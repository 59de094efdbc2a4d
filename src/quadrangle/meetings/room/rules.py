"""Decisions about the video room: who is in it, what may be sent, and for how long it is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput, TooManyRequests
from quadrangle.kernel.text import Checked
from quadrangle.meetings.materials.keeping_rules import KEPT
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.room.model import Kind, Message, Participant
from quadrangle.meetings.window_rules import ends_at

SILENT_AFTER = timedelta(seconds=35)  # pages ask every ten seconds at least
SEEN_EVERY = timedelta(seconds=5)  # is written down no more often
SIGNAL_LIFE = timedelta(minutes=2)
KEPT_AFTER_END = timedelta(hours=24)
# Pages show it for seven days after the end, which an extension may still put off.
CHAT_KEPT_AFTER_END = KEPT + timedelta(hours=2)
MAX_SIGNAL = 64 * 1024  # characters of a description of a connection
MAX_CHAT = 2_000
MAX_WAITING = 300  # messages for one page that it has not outlived
MAX_CHATS = 1_000
PAGE = 100  # messages answered at once

ELSEWHERE = "The room was opened in another window."


def enter(meeting: Meeting, side: MeetingRole, participant_id: str, now: datetime) -> Participant:
    """Return who comes in. Of a side only the last one to come is in the room."""
    at = to_text(now)
    until = to_text(max(ends_at(meeting), now) + KEPT_AFTER_END)
    return Participant(participant_id, meeting.meeting_id, side, at, at, until)


def require_inside(
    known: Sequence[Participant], participant_id: str, side: MeetingRole
) -> Participant:
    """Return the participant. Raises Gone for one who left, or whose place was taken, or that is
    not of this side."""
    for each in _inside(known):
        if each.participant_id == participant_id and each.role is side:
            return each
    raise Gone(ELSEWHERE)


def present(known: Sequence[Participant], now: datetime) -> list[Participant]:
    """Return who is in the room and was heard of."""
    since = to_text(now - SILENT_AFTER)
    return [each for each in _inside(known) if each.seen_at >= since]


def _inside(known: Sequence[Participant]) -> list[Participant]:
    """Return the last one of each side to come, unless it left."""
    last: dict[MeetingRole, Participant] = {}
    for each in sorted(known, key=lambda each: (each.came_at, each.participant_id)):
        last[each.role] = each
    return [each for each in last.values() if each.left_at is None]


def is_due(participant: Participant, now: datetime) -> bool:
    """Tell whether it has to be written down again that a participant is there."""
    return now - from_text(participant.seen_at) >= SEEN_EVERY


def message(
    meeting: Meeting,
    sender: Participant,
    recipient: Participant | None,
    kind: Kind,
    data: str,
    now: datetime,
) -> Message:
    """Return a message to be sent: a chat to everyone, all else to one. Raises InvalidInput,
    Conflict where nobody is there to read it."""
    if kind is Kind.CHAT:
        until = ends_at(meeting) + CHAT_KEPT_AFTER_END
        data = _checked(data, MAX_CHAT)
    elif recipient is None:
        raise Conflict("The other one is not in the room just now.")
    else:
        until = now + SIGNAL_LIFE
        if len(data) > MAX_SIGNAL:
            raise InvalidInput.at("data", f"This is longer than {MAX_SIGNAL:,} characters.")
        if data.strip():  # sent on as it is: the line end a description closes with is part of it
            _checked(data, MAX_SIGNAL)
    return Message(
        meeting_id=meeting.meeting_id,
        sender=sender.participant_id,
        sender_role=sender.role,
        recipient=None if kind is Kind.CHAT or recipient is None else recipient.participant_id,
        kind=kind,
        data=data,
        at=to_text(now),
        until=to_text(max(until, now + SIGNAL_LIFE)),
    )


def _checked(text: str, longest: int) -> str:
    checked = Checked()
    cleaned = checked.text("data", text, longest)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return cleaned


def require_room_for(kind: Kind, waiting: int) -> None:
    """Raise TooManyRequests where as many wait as may."""
    if kind is Kind.CHAT and waiting >= MAX_CHATS:
        raise TooManyRequests("There is no room for more messages in this meeting.")
    if kind is not Kind.CHAT and waiting >= MAX_WAITING:
        raise TooManyRequests("The other side does not keep up.")
