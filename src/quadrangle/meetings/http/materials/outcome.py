"""What came of a meeting, and the teacher's note on it."""

from typing import Any

from litestar import Response
from litestar.params import JSONBody

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.routes import SIGNED_IN
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.calendar.model import ReminderChoice
from quadrangle.meetings.http.callers import OptionalSide
from quadrangle.meetings.http.materials import wire
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.materials.service import MaterialsService


@calls.get(
    "/api/meetings/{meetingId:str}/outcome",
    "What came of a meeting: attendance, files, recordings, note",
    LINK_OR_SIGNED_IN,
    fails=(400, 410),
)
async def outcome(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[wire.OutcomeBody]:
    view = await materials.seats.view(meeting_id, role, join_key, principal)
    seen = await materials.outcomes.show(view)
    return Response(wire.outcome_body(seen), headers=PRIVATE)


@calls.put(
    "/api/meetings/{meetingId:str}/note",
    "Write the teacher's note on a meeting",
    LINK_OR_SIGNED_IN,
    fails=(409, 410),
)
async def write_note(
    meeting_id: MeetingId,
    data: JSONBody[wire.NoteIn],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[wire.NoteBody]:
    view = await materials.seats.view(meeting_id, role, join_key, principal)
    note = await materials.outcomes.write_note(view, data.text, is_shared=data.shared)
    return Response(wire.note_body(note), headers=PRIVATE)


@calls.get("/api/meetings/reminders", "Of what one is reminded by mail", SIGNED_IN)
async def own_reminders(
    principal: Injected[Principal], materials: Injected[MaterialsService]
) -> Response[wire.RemindersBody]:
    choice = await materials.choosing.own(principal)
    return Response(wire.RemindersBody(choice.day, choice.hour), headers=PRIVATE)


@calls.put("/api/meetings/reminders", "Choose of what one is reminded by mail", SIGNED_IN)
async def choose_reminders(
    data: JSONBody[wire.RemindersBody],
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
) -> Response[wire.RemindersBody]:
    choice = ReminderChoice(day=data.day, hour=data.hour)
    chosen = await materials.choosing.choose(principal, choice)
    return Response(wire.RemindersBody(chosen.day, chosen.hour), headers=PRIVATE)


ROUTES: list[Any] = [outcome, write_note, own_reminders, choose_reminders]
