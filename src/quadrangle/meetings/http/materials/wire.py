"""The shapes of what lies around a meeting: files, recordings, what came of it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import Id, Instant, optional_text_of
from quadrangle.kernel.clock import to_text
from quadrangle.meetings.handouts import rules as handout_rules
from quadrangle.meetings.handouts.model import Announced, HandoutLimits, Handouts
from quadrangle.meetings.http.wire import AttendanceBody, attendance_body
from quadrangle.meetings.materials.downloads import Download
from quadrangle.meetings.materials.keeping_rules import kept_until
from quadrangle.meetings.model import Meeting, MeetingRole, Status
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.outcome.note_rules import MAX_NOTE
from quadrangle.meetings.outcome.outcomes import Outcome
from quadrangle.meetings.recording.model import (
    Recording,
    RecordingAction,
    Recordings,
    RecordingState,
)
from quadrangle.meetings.take_home.model import TakeHome, TakeHomeState


class HandoutItem(msgspec.Struct, rename="camel"):
    """`onDesktops` are the sides whose desktop has it, `problems` why one cannot, by side."""

    file_id: Id
    name: str
    size: int
    added_at: Instant
    on_desktops: list[MeetingRole]
    problems: dict[str, str]


class HandoutList(msgspec.Struct, rename="camel"):
    """`most` files, each of at most `largest` bytes. `announced`: what is put in is announced
    first and sent to an address of its own."""

    files: list[HandoutItem]
    most: int
    largest: int
    announced: bool


class AnnounceIn(msgspec.Struct, rename="camel"):
    """A file of `size` bytes that is going to be sent."""

    name: Annotated[str, Meta(max_length=300)]
    size: Annotated[int, Meta(ge=0)]
    role: MeetingRole | None = None


class AnnouncedBody(msgspec.Struct, rename="camel"):
    """Where to PUT the content, exactly as many bytes as were announced, until then."""

    file_id: Id
    address: str
    until: Instant


class ArrivedIn(msgspec.Struct, rename="camel"):
    """What the file that was sent is called."""

    name: Annotated[str, Meta(max_length=300)]
    role: MeetingRole | None = None


class RecordingIn(msgspec.Struct, rename="camel"):
    """What a side does; `desktop` is whose to record, for `ask`, and `recordingId` what it was
    asked for, for `agree`."""

    action: RecordingAction
    desktop: MeetingRole | None = None
    recording_id: Id | None = None
    role: MeetingRole | None = None


class RecordingItem(msgspec.Struct, rename="camel"):
    recording_id: Id
    desktop: MeetingRole
    asked_by: MeetingRole
    asked_at: Instant
    state: RecordingState
    begun_at: Instant | None
    ended_at: Instant | None
    ended_by: MeetingRole | None
    reason: str | None
    size: int


class RecordingList(msgspec.Struct, rename="camel"):
    """`active` is the one that is asked for or goes on, by its id."""

    recordings: list[RecordingItem]
    active: Id | None
    version: int


class TakeHomeFile(msgspec.Struct, rename="camel"):
    """A zip of one side's desktop; higher generations are of later desktops. `name` is what it is
    asked for by."""

    name: str
    role: MeetingRole
    generation: int
    size: int


class UnreadHome(msgspec.Struct, rename="camel"):
    """A home that could not be read; it is kept for a week."""

    role: MeetingRole
    generation: int
    reason: str


class TakeHomeBody(msgspec.Struct, rename="camel"):
    """`isPartial`: a file was left out, or one of several desktops was lost with what lay there.
    `unread` is for staff."""

    state: TakeHomeState
    files: list[TakeHomeFile]
    is_partial: bool
    until: Instant | None
    unread: list[UnreadHome]


class NoteBody(msgspec.Struct, rename="camel"):
    text: str
    shared: bool
    written_at: Instant | None


class NoteIn(msgspec.Struct, rename="camel"):
    """An empty text removes the note."""

    text: Annotated[str, optional_text_of(MAX_NOTE)]
    shared: bool = False


class OutcomeBody(msgspec.Struct, rename="camel"):
    """What came of a meeting, for the one who asks. `role` null: for staff. Files that were handed
    out and what was typed can be had until `keptUntil`."""

    id: Id
    role: MeetingRole | None
    teacher_name: str
    student_name: str
    meet_time: Instant
    status: Status
    joined_at: Instant | None
    ended_at: Instant | None
    end_reason: str | None
    attendance: list[AttendanceBody]
    take_home: TakeHomeBody
    recordings: list[RecordingItem]
    note: NoteBody | None
    may_note: bool
    kept_until: Instant | None
    may_fetch: bool


class DownloadIn(msgspec.Struct, rename="camel"):
    """`name` is that of a file of Take home, or the id of a recording or of a file that was handed
    out."""

    kind: Literal["take-home", "recording", "handout"]
    name: Annotated[str, Meta(max_length=40)]
    role: MeetingRole | None = None


class DownloadBody(msgspec.Struct, rename="camel"):
    """An address that a browser can fetch until then, without more."""

    address: str
    until: Instant


class RemindersBody(msgspec.Struct, rename="camel"):
    """Mails a day before one's meetings, and an hour before."""

    day: bool
    hour: bool


def handout_list(
    sheet: Handouts, meeting: Meeting, limits: HandoutLimits, *, announced: bool
) -> HandoutList:
    files = [
        HandoutItem(
            file_id=each.file_id,
            name=each.name,
            size=each.size,
            added_at=each.added_at,
            on_desktops=[
                role for role in MeetingRole if handout_rules.lies_on(each, role, meeting)
            ],
            problems={
                role.value: problem
                for role in MeetingRole
                if (problem := handout_rules.problem_of(each, role, meeting))
            },
        )
        for each in sheet.files
    ]
    return HandoutList(files, limits.most, limits.size, announced)


def announced_body(announced: Announced) -> AnnouncedBody:
    return AnnouncedBody(announced.file_id, announced.address, announced.until)


def recording_list(sheet: Recordings) -> RecordingList:
    active = sheet.active
    return RecordingList(
        recordings=[recording_item(each) for each in sheet.recordings],
        active=None if active is None else active.recording_id,
        version=sheet.version,
    )


def recording_item(recording: Recording) -> RecordingItem:
    return RecordingItem(
        recording_id=recording.recording_id,
        desktop=recording.desktop,
        asked_by=recording.asked_by,
        asked_at=recording.asked_at,
        state=recording.state,
        begun_at=recording.begun_at,
        ended_at=recording.ended_at,
        ended_by=recording.ended_by,
        reason=recording.reason,
        size=recording.size,
    )


def outcome_body(outcome: Outcome) -> OutcomeBody:
    meeting = outcome.meeting
    until = kept_until(meeting)
    return OutcomeBody(
        id=meeting.meeting_id,
        role=outcome.side,
        teacher_name=meeting.teacher_name,
        student_name=meeting.student_name,
        meet_time=meeting.meet_time,
        status=meeting.status,
        joined_at=meeting.joined_at,
        ended_at=meeting.ended_at,
        end_reason=meeting.end_reason,
        attendance=[attendance_body(each) for each in outcome.attendance],
        take_home=take_home_body(outcome.take_home, outcome.side),
        recordings=[recording_item(each) for each in outcome.recordings.recordings],
        note=None if outcome.note is None else note_body(outcome.note),
        kept_until=None if until is None else to_text(until),
        may_note=outcome.may_note,
        may_fetch=outcome.side is not None,
    )


def take_home_body(sheet: TakeHome, side: MeetingRole | None) -> TakeHomeBody:
    unread = sheet.unread if side is None else ()
    return TakeHomeBody(
        state=sheet.state,
        files=[
            TakeHomeFile(each.name, each.role, each.generation, each.size) for each in sheet.bundles
        ],
        is_partial=sheet.is_partial,
        until=sheet.until,
        unread=[UnreadHome(each.role, each.generation, each.reason) for each in unread],
    )


def note_body(note: Note) -> NoteBody:
    return NoteBody(text=note.text, shared=note.is_shared, written_at=note.written_at)


def download_body(download: Download) -> DownloadBody:
    return DownloadBody(address=download.address, until=download.until)
