"""What people do about recordings: (sheet, command, now) -> sheet and changes."""

from datetime import datetime
from typing import Any

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole, Workspace
from quadrangle.meetings.recording.model import (
    ACTIVE,
    UNSETTLED,
    Agreement,
    Recording,
    Recordings,
    RecordingState,
)

ASKED = "meeting.recording-asked"
AGREED = "meeting.recording-agreed"
REFUSED = "meeting.recording-refused"
STOPPED = "meeting.recording-stopped"
BEGAN = "meeting.recording-began"
READY = "meeting.recording-ready"
FAILED = "meeting.recording-failed"
DISCARDED = "meeting.recording-discarded"
REMOVED = "meeting.recording-removed"
MOST = 20  # of one meeting
LEFT = "The account of one of the two is closed or disabled."
ASKED_ANEW = "This was asked for anew. Please read what is asked now."

Told = tuple[Recordings, list[Change]]


def ask(
    sheet: Recordings,
    recording_id: str,
    desktop: MeetingRole,
    meeting: Meeting,
    side: MeetingRole,
    actor: Principal,
    now: datetime,
) -> Told:
    """Have a side ask for a recording, and so agree to it. Raises Conflict."""
    if meeting.joined_at is None:
        raise Conflict("A recording can be asked for once the meeting has begun.")
    if meeting.workspace is not Workspace.DESKTOP:
        raise Conflict("Terminals cannot be recorded.")
    if sheet.active is not None:
        raise Conflict("There is a recording already. Please end it first.")
    if len(sheet.recordings) >= MOST:
        raise Conflict(f"A meeting can have {MOST} recordings.")
    at = to_text(now)
    recording = Recording(
        recording_id, desktop, asked_by=side, asked_at=at, agreed=(Agreement(side, at),)
    )
    told = msgspec.structs.replace(sheet, recordings=(*sheet.recordings, recording))
    return told, [fact(ASKED, told, recording, actor, at, role=side)]


def agree(
    sheet: Recordings,
    recording_id: str,
    meeting: Meeting,
    side: MeetingRole,
    actor: Principal,
    now: datetime,
) -> Told:
    """Have the other side agree to what it was asked: from now on it may be filmed.

    Raises Conflict, also where another recording is asked for by now, and Forbidden.
    """
    recording = _active(sheet)
    if recording.recording_id != recording_id:
        raise Conflict(ASKED_ANEW)
    if recording.state is not RecordingState.ASKED:
        return sheet, []
    if side is recording.asked_by:
        raise Forbidden("The other one has to agree.")
    desktop = meeting.desktop(recording.desktop)
    if desktop is None or desktop.state is not DesktopState.HEALTHY or not desktop.machine_id:
        raise Conflict("The desktop is not ready to be recorded. Please try again in a moment.")
    agreed = msgspec.structs.replace(
        recording,
        state=RecordingState.STARTING,
        agreed=(*recording.agreed, Agreement(side, to_text(now))),
        machine_id=desktop.machine_id,
    )
    return _told(AGREED, sheet, agreed, actor, now, role=side)


def refuse(sheet: Recordings, side: MeetingRole, actor: Principal, now: datetime) -> Told:
    """Have a recording that is only asked for come to nothing. Raises Conflict."""
    recording = _active(sheet)
    if recording.state is not RecordingState.ASKED:
        raise Conflict("It is being recorded already. Please stop it.")
    refused = msgspec.structs.replace(
        recording, state=RecordingState.REFUSED, ended_at=to_text(now), ended_by=side
    )
    return _told(REFUSED, sheet, refused, actor, now, role=side)


def stop(sheet: Recordings, side: MeetingRole, actor: Principal, now: datetime) -> Told:
    """End a recording by either side. Raises Conflict where there is none."""
    recording = _active(sheet)
    if recording.state is RecordingState.ASKED:
        return refuse(sheet, side, actor, now)
    if recording.state is RecordingState.STOPPING:
        return sheet, []
    stopped = msgspec.structs.replace(
        recording, state=RecordingState.STOPPING, ended_at=to_text(now), ended_by=side
    )
    return _told(STOPPED, sheet, stopped, actor, now, role=side)


def withdrawn(sheet: Recordings, actor: Principal, now: datetime) -> Told:
    """End what is asked for or goes on because one of the two has left."""
    recording = sheet.active
    if recording is None or recording.state is RecordingState.STOPPING:
        return sheet, []
    is_asked = recording.state is RecordingState.ASKED
    ended = msgspec.structs.replace(
        recording,
        state=RecordingState.REFUSED if is_asked else RecordingState.STOPPING,
        ended_at=to_text(now),
        reason=LEFT,
    )
    return _told(REFUSED if is_asked else STOPPED, sheet, ended, actor, now, reason=LEFT)


def discard(sheet: Recordings, recording_id: str, actor: Principal, now: datetime) -> Told:
    """Have a film removed that is kept. Raises NotFound, Conflict while it is made."""
    recording = find(sheet, recording_id)
    if recording.state in ACTIVE:
        raise Conflict("This recording goes on. Please stop it first.")
    if recording.state is not RecordingState.READY:
        return sheet, []
    going = msgspec.structs.replace(recording, state=RecordingState.REMOVING)
    return _told(DISCARDED, sheet, going, actor, now)


def find(sheet: Recordings, recording_id: str) -> Recording:
    """Return one of them. Raises NotFound."""
    for recording in sheet.recordings:
        if recording.recording_id == recording_id:
            return recording
    raise NotFound("There is no such recording.")


def replaced(sheet: Recordings, recording: Recording, now: datetime) -> Recordings:
    """Return the sheet with a recording in place of the one of its id."""
    recordings = tuple(
        recording if each.recording_id == recording.recording_id else each
        for each in sheet.recordings
    )
    unsettled = any(each.state in UNSETTLED for each in recordings)
    look_at = (sheet.look_at or to_text(now)) if unsettled else None
    return msgspec.structs.replace(sheet, recordings=recordings, look_at=look_at)


def fact(
    kind: str, sheet: Recordings, recording: Recording, actor: Principal, at: str, **also: Any
) -> Change:
    """Return the change record of something that became of a recording."""
    data = {"recordingId": recording.recording_id, "desktop": recording.desktop, **also}
    return Change(
        kind=kind,
        subject=sheet.meeting_id,
        data=data,
        actor=actor.name,
        at=at,
        actor_id=actor.account_id,
        origin=actor.origin,
    )


def _active(sheet: Recordings) -> Recording:
    if sheet.active is None:
        raise Conflict("There is no recording.")
    return sheet.active


def _told(
    kind: str,
    sheet: Recordings,
    recording: Recording,
    actor: Principal,
    now: datetime,
    **also: Any,
) -> Told:
    told = replaced(sheet, recording, now)
    return told, [fact(kind, told, recording, actor, to_text(now), **also)]
