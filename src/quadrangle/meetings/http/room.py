"""The video room of our own."""

from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.injection import Injected
from quadrangle.http.openapi import Id, Instant
from quadrangle.http.parameters import LARGEST
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http.parameters import JoinKey, MeetingId, calls
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.room.model import IceServer, Kind
from quadrangle.meetings.room.signalling import News
from quadrangle.meetings.service import MeetingService

ParticipantId: TypeAlias = Annotated[
    str, PathParameter(name="participantId", schema_extra={"format": "uuid"})
]
After: TypeAlias = Annotated[
    int, QueryParameter(ge=0, le=LARGEST, description="`seq` of the last message one has")
]
RoleName: TypeAlias = Annotated[str | None, QueryParameter(name="role", max_length=20)]


class EnterIn(msgspec.Struct):
    """Which side comes in."""

    role: MeetingRole | None = None


class EnteredOut(msgspec.Struct, rename="camel"):
    """`polite`: this page gives way when both call at once. `iceServers` as for
    RTCConfiguration."""

    participant_id: Id
    ice_servers: list[IceServer]
    polite: bool


class MessageIn(msgspec.Struct):
    """A message to the participant `to`; a chat is for everyone."""

    kind: Kind
    data: str = ""
    to: str | None = None
    role: MeetingRole | None = None


class MessageOut(msgspec.Struct):
    seq: int
    sender: Id = msgspec.field(name="from")
    role: MeetingRole
    kind: Kind
    data: str
    at: Instant


class ParticipantOut(msgspec.Struct):
    id: Id
    role: MeetingRole
    since: Instant


class JitsiRoomOut(msgspec.Struct):
    """What Jitsi's IFrame API is called with; `token` is null where the server wants none."""

    domain: str
    room: str
    name: str
    token: str | None


class NewsOut(msgspec.Struct):
    messages: list[MessageOut]
    participants: list[ParticipantOut]


@calls.post(
    "/api/meetings/{meetingId:str}/room",
    "Come into the video room",
    status=200,
    fails=(401, 403, 410),
)
async def enter_room(
    meeting_id: MeetingId,
    data: JSONBody[EnterIn],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    join_key: JoinKey = None,
) -> EnteredOut:
    seat = await meetings.seats.take(meeting_id, data.role, join_key, principal)
    entered = await meetings.room.enter(seat.meeting, seat.side)
    return EnteredOut(entered.participant_id, entered.ice_servers, entered.polite)


@calls.post(
    "/api/meetings/{meetingId:str}/room/{participantId:str}/messages",
    "Send a message in the video room, or leave it by `bye`",
    status=204,
    fails=(401, 403, 409, 410, 429),
)
async def send_room_message(
    meeting_id: MeetingId,
    participant_id: ParticipantId,
    data: JSONBody[MessageIn],
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    join_key: JoinKey = None,
) -> None:
    seat = await meetings.seats.take(meeting_id, data.role, join_key, principal)
    await meetings.room.send(seat.meeting, seat.side, participant_id, data.kind, data.data, data.to)


@calls.get(
    "/api/meetings/{meetingId:str}/room/{participantId:str}/messages",
    "What came in the video room, and who is there",
    fails=(400, 401, 403, 410),
)
async def room_messages(
    meeting_id: MeetingId,
    participant_id: ParticipantId,
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    join_key: JoinKey = None,
    after: After = 0,
    role: RoleName = None,
) -> Response[NewsOut]:
    seat = await meetings.seats.take(meeting_id, role, join_key, principal)
    news = await meetings.room.news(seat.meeting, seat.side, participant_id, after)
    return Response(_news(news), headers=PRIVATE)


@calls.get(
    "/api/meetings/{meetingId:str}/jitsi-room",
    "How one's own page opens the meeting's room on a Jitsi server",
    fails=(400, 401, 403, 410),
)
async def jitsi_room(
    meeting_id: MeetingId,
    principal: Injected[Principal],
    meetings: Injected[MeetingService],
    role: RoleName = None,
    join_key: JoinKey = None,
) -> Response[JitsiRoomOut]:
    seat = await meetings.seats.take(meeting_id, role, join_key, principal)
    room = meetings.jitsi.of(seat.meeting, seat.side)
    body = JitsiRoomOut(domain=room.domain, room=room.room, name=room.name, token=room.token)
    return Response(body, headers=PRIVATE)


def _news(news: News) -> NewsOut:
    return NewsOut(
        messages=[
            MessageOut(
                seq=each.place,
                sender=each.sender,
                role=each.sender_role,
                kind=each.kind,
                data=each.data,
                at=each.at,
            )
            for each in news.messages
        ],
        participants=[
            ParticipantOut(each.participant_id, each.role, each.came_at)
            for each in news.participants
        ],
    )


ROUTES: list[Any] = [enter_room, send_room_message, room_messages, jitsi_room]
