"""What both do about recordings, one verb per use case, and what is kept of them."""

from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import structlog

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.desktops.ports import Recordings as Camera
from quadrangle.meetings.joining.acting_rules import account_of, acting, require_person
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import People
from quadrangle.meetings.recording import rules
from quadrangle.meetings.recording.model import (
    AGREES,
    Recording,
    RecordingAction,
    Recordings,
    RecordingState,
)

log = structlog.get_logger(__name__)

Follow = Callable[[str], Awaitable[object]]


class Wish(msgspec.Struct, frozen=True):
    """What a side wants: for ASK, of whose `desktop`; for AGREE, to which recording."""

    action: RecordingAction
    desktop: MeetingRole | None = None
    recording_id: str | None = None


class Directing:
    """Every verb raises Unavailable, and Conflict when others write all the time.

    `follow` has a meeting's recordings looked at beside the job that does so: what is withdrawn is
    to stop at once.
    """

    def __init__(
        self,
        sheets: SheetStore[Recordings],
        camera: Camera,
        follow: Follow,
        people: People,
        clock: Clock,
    ) -> None:
        self._sheets = sheets
        self._camera = camera
        self._follow = follow
        self._people = people
        self._clock = clock

    async def show(self, meeting_id: str) -> Recordings:
        """Return the recordings of a meeting."""
        return await self._sheets.get(meeting_id)

    async def act(
        self,
        meeting: Meeting,
        side: MeetingRole,
        wish: Wish,
        who: Principal = ANYONE,
    ) -> Recordings:
        """Do what a side wants; `who` is whoever is signed in. Raises InvalidInput, Forbidden,
        Conflict as the rules do, and Forbidden where a link alone agrees to nothing."""
        action, actor, recording_id = wish.action, acting(side, who), new_id()
        if action in AGREES:
            require_person(meeting, side, who)
            await self._require_both(meeting)

        def decide(sheet: Recordings) -> rules.Told:
            now = self._clock.now()
            match action:
                case RecordingAction.ASK:
                    if wish.desktop is None:
                        raise InvalidInput.at("desktop", "Please say whose desktop to record.")
                    return rules.ask(sheet, recording_id, wish.desktop, meeting, side, actor, now)
                case RecordingAction.AGREE:
                    if wish.recording_id is None:
                        raise InvalidInput.at("recordingId", "Please say which one you agree to.")
                    return rules.agree(sheet, wish.recording_id, meeting, side, actor, now)
                case RecordingAction.REFUSE:
                    return rules.refuse(sheet, side, actor, now)
                case RecordingAction.STOP:
                    return rules.stop(sheet, side, actor, now)

        sheet = await write(self._sheets, meeting.meeting_id, decide)
        if action is RecordingAction.STOP:
            return await self._followed(meeting.meeting_id, sheet)
        return sheet

    async def discard(self, meeting_id: str, recording_id: str, actor: Principal) -> Recordings:
        """Have a film removed. Raises NotFound, Conflict while it is made."""
        sheet = await write(
            self._sheets,
            meeting_id,
            lambda known: rules.discard(known, recording_id, actor, self._clock.now()),
        )
        return await self._followed(meeting_id, sheet)

    async def find(self, meeting_id: str, recording_id: str) -> Recording:
        """Return a recording whose film is kept. Raises NotFound."""
        recording = rules.find(await self.show(meeting_id), recording_id)
        if recording.state is not RecordingState.READY:
            raise NotFound("There is no such recording.")
        return recording

    def content(self, recording: Recording) -> AsyncIterator[bytes]:
        """Yield the film as MP4. Raises NotFound."""
        return self._camera.content(recording.machine_id or "", recording.recording_id)

    async def _require_both(self, meeting: Meeting) -> None:
        """Raise Conflict where somebody who would have to agree cannot any more."""
        for side in MeetingRole:
            account_id = account_of(meeting, side)
            if account_id is not None and await self._people.email_of(account_id) is None:
                raise Conflict(rules.LEFT)

    async def _followed(self, meeting_id: str, sheet: Recordings) -> Recordings:
        try:
            await self._follow(meeting_id)
            return await self.show(meeting_id)
        except Unavailable as error:  # then the job does it
            log.warning("a recording was not followed at once", cause=repr(error))
            return sheet
