"""What whoever holds a link sees of a meeting before it and during it. Looking changes nothing."""

from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings import life_rules
from quadrangle.meetings.joining import rules as join_rules
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.model import Meeting, MeetingRole, Status
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import LaunchTimes, PresenceStore
from quadrangle.meetings.presence.model import OWN_DESKTOP, Connection
from quadrangle.meetings.window_rules import ends_at, is_past, launch_at

WARN_BEFORE = timedelta(minutes=5)


class Lobby(msgspec.Struct, frozen=True):
    """A meeting as one side sees it at a moment.

    `stage` is a join_rules.Stage, or "ready", "joined", "over". `eta_seconds` is None once ready or
    over. `present` has the kinds of connections each side has open, `own` how
    many of them lead to the side's own desktop. `warning` is a sentence.
    """

    meeting: Meeting
    role: MeetingRole
    now: str
    ends_at: str
    desktops_begin: str
    stage: str
    eta_seconds: int | None
    present: dict[MeetingRole, frozenset[str]]
    own: dict[MeetingRole, int]
    warning: str | None
    reason: str | None
    can_extend: int


class Lobbies:
    """Shows meetings to who holds a link."""

    def __init__(
        self,
        links: Links,
        presence: PresenceStore,
        launch_times: LaunchTimes,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._links = links
        self._presence = presence
        self._launch_times = launch_times
        self._clock = clock
        self._policy = policy

    async def look(
        self, meeting_id: str, role: str, key: str | None, who: Principal = ANYONE
    ) -> Lobby:
        """Return a meeting as a link's side sees it, or without a key the account that is it.

        Raises InvalidInput, Forbidden, Gone, Unavailable.
        """
        meeting, side = await self._links.open(meeting_id, role, key, who)
        connections = await self._presence.of_meeting(meeting_id)
        took_s = await self._launch_times.recent(meeting.workspace)
        now, policy = self._clock.now(), self._policy
        open_now = {each: _open(each, connections, now, policy) for each in MeetingRole}
        stage = _stage(meeting, side, now, policy)
        waits = stage not in ("ready", "joined", "over", join_rules.Stage.FAILED)
        return Lobby(
            meeting=meeting,
            role=side,
            now=to_text(now),
            ends_at=to_text(ends_at(meeting)),
            desktops_begin=to_text(launch_at(meeting, policy)),
            stage=stage,
            eta_seconds=join_rules.eta_s(meeting, side, took_s, now, policy) if waits else None,
            present={side: frozenset(kinds) for side, kinds in open_now.items()},
            own={side: kinds.count(OWN_DESKTOP) for side, kinds in open_now.items()},
            warning=_warning(meeting, now),
            reason=_reason(meeting, side, now, policy),
            can_extend=max(0, policy.max_extension_minutes - meeting.extended_minutes),
        )


def _stage(meeting: Meeting, side: MeetingRole, now: datetime, policy: MeetingPolicy) -> str:
    if is_past(meeting, now, policy):
        return "over"
    if join_rules.can_enter(meeting, side):
        return "joined" if side in meeting.joined_roles else "ready"
    return join_rules.stage_of(meeting, side, now, policy)


def _open(
    role: MeetingRole, connections: list[Connection], now: datetime, policy: MeetingPolicy
) -> list[str]:
    return [
        each.kind
        for each in connections
        if each.role is role
        and each.ended_at is None
        and now < from_text(each.seen_at) + policy.silent_after
    ]


def _warning(meeting: Meeting, now: datetime) -> str | None:
    left = ends_at(meeting) - now
    if meeting.joined_at is None or meeting.is_over or not timedelta(0) < left <= WARN_BEFORE:
        return None
    minutes = max(1, round(left.total_seconds() / 60))
    return f"This meeting ends in {minutes} {'minute' if minutes == 1 else 'minutes'}."


def _reason(
    meeting: Meeting, side: MeetingRole, now: datetime, policy: MeetingPolicy
) -> str | None:
    if meeting.is_over:
        return life_rules.words_of_staff(meeting) or life_rules.OVER[meeting.status]
    if is_past(meeting, now, policy):
        ended = Status.ENDED if meeting.joined_at else Status.EXPIRED
        return life_rules.OVER[ended]
    desktop = meeting.desktop(side)
    return None if desktop is None else desktop.reason
