"""What was typed in a meeting's room, to be read again by its two people."""

from typing import Any

import msgspec
from litestar import Response

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Instant
from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http.callers import OptionalSide
from quadrangle.meetings.http.parameters import LINK_OR_SIGNED_IN, JoinKey, MeetingId, calls
from quadrangle.meetings.http.room import After
from quadrangle.meetings.materials.service import MaterialsService
from quadrangle.meetings.model import MeetingRole

NOT_YOURS = "What was typed is for the two people of the meeting."


class ChatEntry(msgspec.Struct):
    role: MeetingRole
    data: str
    at: Instant


class ChatBody(msgspec.Struct):
    """`after` is what to ask for the next ones with, null where these are the last."""

    messages: list[ChatEntry]
    after: int | None


@calls.get(
    "/api/meetings/{meetingId:str}/chat",
    "What was typed in a meeting's own room, in order; kept for seven days after the end",
    LINK_OR_SIGNED_IN,
    fails=(400, 403, 410),
)
async def kept_chat(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    materials: Injected[MaterialsService],
    after: After = 0,
    role: OptionalSide = None,
    join_key: JoinKey = None,
) -> Response[ChatBody]:
    view = await materials.seats.view(meeting_id, role, join_key, principal)
    if view.side is None:
        raise Forbidden(NOT_YOURS)
    page = await materials.chat.show(view.meeting, after)
    entries = [ChatEntry(each.sender_role, each.data, each.at) for each in page.messages]
    return Response(ChatBody(entries, page.after), headers=PRIVATE)


ROUTES: list[Any] = [kept_chat]
