"""Recordings of meetings, for whoever keeps films."""

from collections.abc import AsyncIterator
from typing import ClassVar

from quadrangle.kernel.change import Change
from quadrangle.kernel.films import Film
from quadrangle.meetings.desktops.ports import Recordings as Camera
from quadrangle.meetings.materials.sheets import SheetStore
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.recording.model import Recordings, RecordingState
from quadrangle.meetings.recording.rules import DISCARDED, READY


class RecordedFilms:
    """Implements kernel.films.FilmSource. A film is its teacher's, or the student's where
    the teacher has no open account, and for both of those that have one."""

    there: ClassVar[str] = READY
    gone: ClassVar[str] = DISCARDED

    def __init__(
        self,
        meetings: MeetingStore,
        sheets: SheetStore[Recordings],
        camera: Camera,
        people: People,
    ) -> None:
        self._meetings = meetings
        self._sheets = sheets
        self._camera = camera
        self._people = people

    async def film(self, change: Change) -> Film | None:
        meeting = await self._meetings.get(change.subject)
        sheet = await self._sheets.get(change.subject)
        recording_id = self.film_id(change)
        found = [each for each in sheet.recordings if each.recording_id == recording_id]
        if meeting is None or not found or found[0].state is not RecordingState.READY:
            return None
        (recording,) = found
        people = await self._members(meeting)
        if not people or recording.machine_id is None:
            return None
        whose = (
            meeting.teacher_name
            if recording.desktop is MeetingRole.TEACHER
            else meeting.student_name
        )
        day = meeting.local_time.partition("T")[0]
        return Film(
            film_id=recording.recording_id,
            place=recording.machine_id,
            title=f"Meeting of {meeting.teacher_name} and {meeting.student_name}, {day}",
            description=f"The desktop of {whose}. Both agreed to the recording.",
            filename=f"meeting-{day}.mp4",
            owner=people[0],
            watchers=tuple(account_id for account_id, _ in people[1:]),
        )

    def film_id(self, change: Change) -> str:
        return str(change.data.get("recordingId"))

    def content(self, film: Film) -> AsyncIterator[bytes]:
        return self._camera.content(film.place, film.film_id)

    async def _members(self, meeting: Meeting) -> list[tuple[str, str]]:
        """Return id and name of each side whose account is open."""
        sides = [
            (meeting.teacher_id, meeting.teacher_name),
            (meeting.student_id, meeting.student_name),
        ]
        return [
            (account_id, name)
            for account_id, name in sides
            if account_id is not None and await self._people.email_of(account_id) is not None
        ]
