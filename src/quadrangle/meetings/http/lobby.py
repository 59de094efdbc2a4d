"""The page before a meeting and in it: what whoever holds a link sees, live."""

from typing import Any

import msgspec
from litestar import Response
from litestar.response import Stream

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.streaming.live import LiveFeed
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http import wire
from quadrangle.meetings.http.parameters import JoinKey, KeyInQuery, MeetingId, Side, calls
from quadrangle.meetings.service import MeetingService


class MeetingEvent(msgspec.Struct, rename="camel"):
    """What pages are told of a change; they ask for the rest."""

    seq: int
    kind: str
    meeting_id: str
    at: str


def shown(change: Change) -> MeetingEvent:
    return MeetingEvent(seq=change.seq, kind=change.kind, meeting_id=change.subject, at=change.at)


@calls.get(
    "/api/meetings/{meetingId:str}/lobby",
    "A meeting as a side's link shows it; changes nothing",
    fails=(400, 403, 410),
)
async def lobby(
    meeting_id: MeetingId,
    role: Side,
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    join_key: JoinKey = None,
) -> Response[wire.LobbyBody]:
    seen = await meetings.lobbies.look(meeting_id, role, join_key, principal)
    body = wire.lobby_body(seen, own_room=not meetings.addresses.jitsi_domain)
    return Response(body, headers=PRIVATE)


@calls.get(
    "/api/meetings/{meetingId:str}/events",
    "Follow one meeting (server-sent events)",
    fails=(400, 403, 410),
    media_type="text/event-stream",
)
async def meeting_events(
    meeting_id: MeetingId,
    role: Side,
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    live: Injected[LiveFeed],
    key: KeyInQuery = None,
    join_key: JoinKey = None,
) -> Stream:
    # browsers send no headers of ours with these: the key may stand in the query, which no log has
    meeting, _ = await meetings.links.open(meeting_id, role, join_key or key, principal)

    def wanted(change: Change) -> bool:
        return change.subject == meeting.meeting_id

    async def holds() -> bool:
        try:
            await meetings.links.open(meeting_id, role, join_key or key, principal)
        except QuadrangleError:
            return False
        return True

    headers = {**PRIVATE, "X-Accel-Buffering": "no"}
    events = live.events(wanted, shown, holds)
    return Stream(events, media_type="text/event-stream", headers=headers)


ROUTES: list[Any] = [lobby]
FOLLOWED: list[Any] = [meeting_events]
