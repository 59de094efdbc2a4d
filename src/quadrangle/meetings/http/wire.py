"""The shapes of meetings on the wire. The source's own calls keep its snake case."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import LONGEST_EMAIL, Id, Instant
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.joining.lobby import Lobby
from quadrangle.meetings.model import Meeting, MeetingRole, Status, Workspace
from quadrangle.meetings.presence.model import DESKTOPS
from quadrangle.meetings.presence.rules import Attendance
from quadrangle.meetings.reading import sides_shown
from quadrangle.meetings.scheduling.rules import MAX_NAME
from quadrangle.meetings.window_rules import ends_at

PersonName = Annotated[str, Meta(max_length=MAX_NAME)]
MeetTimeText = Annotated[
    str,
    Meta(
        max_length=64,
        description="ISO 8601 with an offset, or without one in `time_zone`",
        examples=["2027-03-01T15:00:00+01:00"],
    ),
]
ZoneName = Annotated[str, Meta(max_length=64, examples=["Europe/Berlin"])]
EmailAddress = Annotated[str, Meta(max_length=LONGEST_EMAIL)]


class ScheduleBody(msgspec.Struct):
    """`minutes` is an hour unless said; with an address of an account, that person has the meeting
    among theirs and is written to."""

    teacher_name: PersonName
    student_name: PersonName
    meet_time: MeetTimeText
    frontend_base_url: Annotated[str, Meta(max_length=500)]
    time_zone: ZoneName | None = None
    minutes: int | None = None
    workspace: Workspace = Workspace.DESKTOP
    teacher_email: EmailAddress | None = None
    student_email: EmailAddress | None = None


class Scheduled(msgspec.Struct):
    message: str
    id: Id
    jitsi_url: str
    teacher_link: str
    student_link: str


class WarmingUpAnswer(msgspec.Struct):
    message: str
    status: Status
    stage: str
    eta_seconds: int


class JoinedAnswer(msgspec.Struct):
    url: str
    status: Status
    jitsi_url: str
    role: MeetingRole
    websocket: str | None


class MoveBody(msgspec.Struct, rename="camel"):
    meet_time: MeetTimeText
    time_zone: ZoneName | None = None
    minutes: int | None = None
    version: int | None = None


class ExtendBody(msgspec.Struct, rename="camel"):
    minutes: int


class StayBody(msgspec.Struct, rename="camel"):
    came_at: Instant
    left_at: Instant | None


class AttendanceBody(msgspec.Struct, rename="camel"):
    role: MeetingRole
    seconds: int
    no_show: bool
    stays: list[StayBody]


class RefusalsBody(msgspec.Struct, rename="camel"):
    """Why its student cannot `move` a meeting now, or `cancel` it; null where they can."""

    move: str | None
    cancel: str | None


class MeetingBody(msgspec.Struct, rename="camel"):
    """A meeting as one of its people or staff sees it. Links are those that person may have."""

    id: Id
    teacher_name: str
    student_name: str
    teacher_id: Id | None
    student_id: Id | None
    meet_time: Instant
    ends_at: Instant
    local_time: str
    time_zone: str
    minutes: int
    extended_minutes: int
    workspace: Workspace
    status: Status
    jitsi_url: str
    teacher_link: str | None
    student_link: str | None
    series_id: Id | None
    created_at: Instant
    joined_at: Instant | None
    ended_at: Instant | None
    end_reason: str | None
    version: int
    attendance: list[AttendanceBody] | None = None
    refusals: RefusalsBody | None = None


class MeetingList(msgspec.Struct, rename="camel"):
    meetings: list[MeetingBody]
    next_cursor: str | None


class SeriesAnswer(msgspec.Struct, rename="camel"):
    """Meetings of one series, in order; `seriesId` stands in each."""

    meetings: list[MeetingBody]


class PresenceBody(msgspec.Struct, rename="camel"):
    """`own` counts the connections to this side's own desktop: more than one is another device,
    or somebody else who has the link."""

    desktop: bool
    room: bool
    own: int


class LobbyBody(msgspec.Struct, rename="camel"):
    """What whoever holds a link sees. `stage` is scheduled, starting, booting, connecting,
    checking, other side, failed, ready, joined or over."""

    id: Id
    role: MeetingRole
    teacher_name: str
    student_name: str
    now: Instant
    meet_time: Instant
    ends_at: Instant
    time_zone: str
    desktops_begin: Instant
    workspace: Workspace
    status: Status
    stage: str
    eta_seconds: int | None
    jitsi_url: str
    own_room: bool
    present: dict[str, PresenceBody]
    warning: str | None
    reason: str | None
    can_extend: int
    version: int


def meeting_body(
    meeting: Meeting,
    links: Links,
    actor: Principal,
    attendance: Sequence[Attendance] | None = None,
    *,
    just_made: bool = False,
) -> MeetingBody:
    shown = sides_shown(meeting, actor, just_made=just_made)
    link: dict[str, Any] = {
        f"{role.value}_link": links.link(meeting, role) if role in shown else None
        for role in MeetingRole
    }
    return MeetingBody(
        id=meeting.meeting_id,
        teacher_name=meeting.teacher_name,
        student_name=meeting.student_name,
        teacher_id=meeting.teacher_id,
        student_id=meeting.student_id,
        meet_time=meeting.meet_time,
        ends_at=to_text(ends_at(meeting)),
        local_time=meeting.local_time,
        time_zone=meeting.time_zone,
        minutes=meeting.minutes,
        extended_minutes=meeting.extended_minutes,
        workspace=meeting.workspace,
        status=meeting.status,
        jitsi_url=meeting.jitsi_url,
        series_id=meeting.series_id,
        created_at=meeting.created_at,
        joined_at=meeting.joined_at,
        ended_at=meeting.ended_at,
        end_reason=meeting.end_reason,
        version=meeting.version,
        attendance=None if attendance is None else [attendance_body(each) for each in attendance],
        **link,
    )


def attendance_body(each: Attendance) -> AttendanceBody:
    stays = [StayBody(came_at=stay.came_at, left_at=stay.left_at) for stay in each.stays]
    return AttendanceBody(
        role=each.role, seconds=round(each.seconds), no_show=each.no_show, stays=stays
    )


def lobby_body(lobby: Lobby, *, own_room: bool) -> LobbyBody:
    meeting = lobby.meeting
    return LobbyBody(
        id=meeting.meeting_id,
        role=lobby.role,
        teacher_name=meeting.teacher_name,
        student_name=meeting.student_name,
        now=lobby.now,
        meet_time=meeting.meet_time,
        ends_at=lobby.ends_at,
        time_zone=meeting.time_zone,
        desktops_begin=lobby.desktops_begin,
        workspace=meeting.workspace,
        status=meeting.status,
        stage=lobby.stage,
        eta_seconds=lobby.eta_seconds,
        jitsi_url=meeting.jitsi_url,
        own_room=own_room,
        present={
            role.value: PresenceBody(
                desktop=bool(kinds & DESKTOPS), room="room" in kinds, own=lobby.own[role]
            )
            for role, kinds in lobby.present.items()
        },
        warning=lobby.warning,
        reason=lobby.reason,
        can_extend=lobby.can_extend,
        version=meeting.version,
    )
