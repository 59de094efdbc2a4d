"""What filming makes of a recording: (sheet, recording, what was found, now) -> sheet, changes.

Each decides on the sheet as it is by now: what somebody did meanwhile goes before.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.recording import rules
from quadrangle.meetings.recording.model import UNSETTLED, Recording, Recordings, RecordingState
from quadrangle.meetings.recording.rules import Told

# A start that is under way elsewhere is over then, one way or the other.
START_TAKES = timedelta(seconds=60)
NOTHING_FILMED = "Nothing was filmed."
BY_ITSELF = "It ended before it was stopped."


def unsettled(sheet: Recordings) -> list[Recording]:
    """Return the recordings that something is to be done about."""
    return [each for each in sheet.recordings if each.state in UNSETTLED]


def may_still_begin(recording: Recording, now: datetime) -> bool:
    """Tell whether a recording that was stopped before it was seen to begin may begin yet."""
    if recording.begun_at is not None or recording.ended_at is None:
        return False
    return now < from_text(recording.ended_at) + START_TAKES


def began(sheet: Recordings, recording_id: str, now: datetime) -> Told:
    """Note that it is filmed."""
    known = rules.find(sheet, recording_id)
    if known.state is not RecordingState.STARTING:
        return sheet, []
    running = msgspec.structs.replace(known, state=RecordingState.RUNNING, begun_at=to_text(now))
    return _told(rules.BEGAN, sheet, running, now)


def ready(
    sheet: Recordings, recording_id: str, size: int, reason: str | None, now: datetime
) -> Told:
    """Note that it is over and the film is kept; `reason` where it ended by itself, unless it
    had to end for one that stands already."""
    known = rules.find(sheet, recording_id)
    if known.state not in (RecordingState.RUNNING, RecordingState.STOPPING):
        return sheet, []
    over = msgspec.structs.replace(
        known,
        state=RecordingState.READY,
        size=size,
        ended_at=known.ended_at or to_text(now),
        reason=known.reason or reason,
    )
    also = {"machineId": over.machine_id, "size": size}
    return _told(rules.READY, sheet, over, now, **also)


def failed(sheet: Recordings, recording_id: str, reason: str, now: datetime) -> Told:
    """Note that there is no film, and why."""
    known = rules.find(sheet, recording_id)
    if known.state not in UNSETTLED or known.state is RecordingState.REMOVING:
        return sheet, []
    at = known.ended_at or to_text(now)
    over = msgspec.structs.replace(known, state=RecordingState.FAILED, reason=reason, ended_at=at)
    return _told(rules.FAILED, sheet, over, now, reason=reason)


def removed(sheet: Recordings, recording_id: str, now: datetime) -> Told:
    """Note that the film is gone."""
    known = rules.find(sheet, recording_id)
    if known.state is not RecordingState.REMOVING:
        return sheet, []
    gone = msgspec.structs.replace(known, state=RecordingState.REMOVED, size=0)
    return _told(rules.REMOVED, sheet, gone, now)


def _told(kind: str, sheet: Recordings, recording: Recording, now: datetime, **also: Any) -> Told:
    told = rules.replaced(sheet, recording, now)
    return told, [rules.fact(kind, told, recording, SYSTEM, to_text(now), **also)]
