"""When a recording has to end, whatever anybody wants: (recording, what is filmed, now) -> why."""

from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.recording import rules
from quadrangle.meetings.recording.model import Recording, Recordings, RecordingState
from quadrangle.meetings.recording.rules import Told
from quadrangle.meetings.window_rules import begins_at

_MIB = 1024 * 1024
_MINUTE = timedelta(minutes=1)
MEETING_OVER = "The meeting could not go on for longer."


class RecordingLimits(msgspec.Struct, frozen=True):
    """How long one recording can be, and how large, in bytes."""

    longest: timedelta = timedelta(hours=4)
    largest: int = 4096 * _MIB


def latest_end(
    meeting: Meeting, begun: datetime, limits: RecordingLimits, policy: MeetingPolicy
) -> datetime:
    """Return when a recording that begins then is over at the latest: after the longest that one
    can be, and never later than any extension could bring the meeting's end."""
    return min(begun + limits.longest, _last_end(meeting, policy))


def limit_reached(
    meeting: Meeting,
    recording: Recording,
    size: int,
    now: datetime,
    limits: RecordingLimits,
    policy: MeetingPolicy,
) -> str | None:
    """Return a sentence on the limit that a recording has come to, None where it may go on."""
    if size >= limits.largest:
        return f"It had come to {limits.largest // _MIB} MB, as large as a recording can be."
    if recording.begun_at is not None and now >= from_text(recording.begun_at) + limits.longest:
        minutes = limits.longest // _MINUTE
        return f"It had gone on for {minutes} minutes, as long as a recording can be."
    return MEETING_OVER if now >= _last_end(meeting, policy) else None


def limited(sheet: Recordings, recording_id: str, reason: str, now: datetime) -> Told:
    """Have one that goes on end because of a limit. It is stopped as people stop it, so that the
    film is whole; `reason` is told with it."""
    known = rules.find(sheet, recording_id)
    if known.state is not RecordingState.RUNNING:
        return sheet, []
    stopping = msgspec.structs.replace(
        known, state=RecordingState.STOPPING, ended_at=to_text(now), reason=reason
    )
    told = rules.replaced(sheet, stopping, now)
    return told, [rules.fact(rules.STOPPED, told, stopping, SYSTEM, to_text(now), reason=reason)]


def _last_end(meeting: Meeting, policy: MeetingPolicy) -> datetime:
    return begins_at(meeting) + (meeting.minutes + policy.max_extension_minutes) * _MINUTE
