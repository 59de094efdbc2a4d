"""The two calls of the source system, unchanged for its clients."""

from typing import Annotated, Any

from litestar import Request, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter

from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.http.gateway import ASKED_METHOD
from quadrangle.http.injection import Injected
from quadrangle.http.routes import anyone_or_key
from quadrangle.kernel.errors import Forbidden, Gone, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.declared import SCHEDULE
from quadrangle.meetings.http import wire
from quadrangle.meetings.http.callers import account_of
from quadrangle.meetings.http.parameters import (
    LINK_OR_SIGNED_IN,
    JoinKey,
    KeyInQuery,
    MeetingId,
    calls,
)
from quadrangle.meetings.joining.joining import WarmingUp
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.service import MeetingService

WARMING_UP = "Instance is warming up. Please wait."
# Whoever schedules without an account, from one address.
SCHEDULE_LIMIT = Limit(burst=20, per_hour=60)
# One side of one meeting: its page asks every three seconds, and may stand open more than once.
JOIN_LIMIT = Limit(burst=120, per_hour=7200)
# Keys that open nothing, from one address; who has a good one behind it is not held up.
BAD_KEY_LIMIT = Limit(burst=60, per_hour=600)
_POLL_S = 3

_WARMING_UP = ResponseSpec(wire.WarmingUpAnswer, description="Not ready.", generate_examples=False)

JoinRole = Annotated[str, PathParameter(name="role", schema_extra={"enum": ["teacher", "student"]})]


@calls.post(
    "/schedule",
    "Schedule a meeting",
    anyone_or_key(SCHEDULE),
    status=200,
    fails=(409,),
)
async def schedule(
    data: JSONBody[wire.ScheduleBody],
    principal: Injected[Principal],
    client_address: Injected[str],
    limiter: Injected[RateLimiter],
    meetings: Injected[MeetingService],
) -> Response[wire.Scheduled]:
    if principal.role is None:
        limiter.take("schedule", client_address, SCHEDULE_LIMIT)
    new = NewMeeting(
        teacher_name=data.teacher_name,
        student_name=data.student_name,
        meet_time=data.meet_time,
        frontend_base_url=data.frontend_base_url,
        time_zone=data.time_zone,
        minutes=data.minutes,
        workspace=data.workspace,
        teacher_id=await account_of(meetings, "teacher_email", data.teacher_email, principal),
        student_id=await account_of(meetings, "student_email", data.student_email, principal),
    )
    meeting = await meetings.scheduling.schedule(new, principal)
    links = meetings.links.of(meeting)
    answer = wire.Scheduled(
        message="Session scheduled!",
        id=meeting.meeting_id,
        jitsi_url=meeting.jitsi_url,
        teacher_link=links.teacher_link,
        student_link=links.student_link,
    )
    return Response(answer, headers=PRIVATE)


@calls.get(
    "/join/{meetingId:str}/{role:str}",
    "Join a meeting, or hear how long its desktop will take",
    LINK_OR_SIGNED_IN,
    fails=(400, 410, 429),
    answers={202: _WARMING_UP},
)
async def join(
    meeting_id: MeetingId,
    role: JoinRole,
    request: Request[Any, Any, Any],
    principal: Injected[Principal],
    client_address: Injected[str],
    limiter: Injected[RateLimiter],
    meetings: Injected[MeetingService],
    key: KeyInQuery = None,
    join_key: JoinKey = None,
) -> Response[Any]:
    given = join_key or key
    try:
        await meetings.links.open(meeting_id, role, given, principal)
    except (InvalidInput, Gone, Forbidden):
        limiter.take("join-refused", client_address, BAD_KEY_LIMIT)
        raise
    limiter.take("join", f"{meeting_id}/{role}", JOIN_LIMIT)
    if _only_looks(request):
        lobby = await meetings.lobbies.look(meeting_id, role, given, principal)
        return _waiting(lobby.meeting.status, lobby.stage, lobby.eta_seconds or 1)
    found = await meetings.joining.join(meeting_id, role, given, principal)
    if isinstance(found, WarmingUp):
        return _waiting(found.status, found.stage, found.eta_seconds)
    answer = wire.JoinedAnswer(
        url=found.url,
        status=found.status,
        jitsi_url=found.jitsi_url,
        role=found.role,
        websocket=found.websocket,
    )
    return Response(answer, headers=PRIVATE)


def _waiting(status: Any, stage: str, eta_seconds: int) -> Response[Any]:
    answer = wire.WarmingUpAnswer(
        message=WARMING_UP, status=status, stage=stage, eta_seconds=eta_seconds
    )
    headers = {**PRIVATE, "Retry-After": str(min(_POLL_S, eta_seconds))}
    return Response(answer, status_code=202, headers=headers)


def _only_looks(request: Request[Any, Any, Any]) -> bool:
    """HEAD and prefetches are no join: mail scanners and browsers make them by themselves."""
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    return request.scope.get(ASKED_METHOD) == "HEAD" or "prefetch" in purpose


ROUTES = [schedule, join]
