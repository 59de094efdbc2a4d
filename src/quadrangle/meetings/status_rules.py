"""What a write makes of a meeting: its status follows from its two desktops, its change records
from what differs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.model import Desktop, DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.window_rules import launch_at

Decision = tuple[Meeting, list[Change]]

_STARTED, _ROUTED, _HEALTHY = 1, 2, 3
_RANK = {
    DesktopState.RUNNING: _STARTED,
    DesktopState.ROUTED: _ROUTED,
    DesktopState.HEALTHY: _HEALTHY,
}
_UNJOINED = {
    _STARTED: Status.LAUNCHED,
    _ROUTED: Status.DNS_WRITTEN,
    _HEALTHY: Status.HEALTHY,
}


def status_of(meeting: Meeting) -> Status:
    """Return the status of a meeting that is not over: each stage is reached once both sides are
    there, and what was launched once is never again as if it had not been."""
    sides = [role for role in MeetingRole if role not in meeting.released]
    rank = min((_rank(meeting.desktop(role)) for role in sides), default=0)
    if meeting.joined_at is not None:
        return Status.IN_PROGRESS if rank == _HEALTHY else Status.DEGRADED
    lowest = Status.SCHEDULED if meeting.status is Status.SCHEDULED else Status.LAUNCHED
    return _UNJOINED.get(rank, lowest)


def _rank(desktop: Desktop | None) -> int:
    if desktop is None:
        return 0
    if desktop.state is DesktopState.LAUNCHING and desktop.machine_id is not None:
        return _STARTED
    return _RANK.get(desktop.state, 0)


def decide(
    before: Meeting,
    after: Meeting,
    told: Sequence[Change],
    actor: Principal,
    now: datetime,
    policy: MeetingPolicy,
) -> Decision:
    """Return what is to be saved in place of `before`, nothing where nothing differs.

    `told` is what the decision says of itself; what became of status and desktops is added.
    """
    if not after.is_over:
        after = msgspec.structs.replace(after, status=status_of(after))
    after = msgspec.structs.replace(after, desktops=_kept(after.desktops))
    after = msgspec.structs.replace(after, look_at=look_at_of(after, policy))
    if after == before:
        return before, []
    at = to_text(now)
    facts = [*told, *_desktop_changes(before, after, actor, at)]
    if after.status is not before.status:
        data = {"old": before.status, "new": after.status}
        facts.append(fact("meeting.status-changed", after, data, actor, at))
    if not facts:
        facts = [fact("meeting.kept-up", after, {}, actor, at)]
    return msgspec.structs.replace(after, version=before.version + 1), facts


def fact(kind: str, meeting: Meeting, data: dict[str, Any], actor: Principal, at: str) -> Change:
    """Return the change record of something that became of a meeting."""
    return Change(
        kind=kind,
        subject=meeting.meeting_id,
        data=data,
        actor=actor.name,
        at=at,
        actor_id=actor.account_id,
        origin=actor.origin,
    )


def with_desktop(meeting: Meeting, desktop: Desktop) -> Meeting:
    """Return the meeting with a desktop in place of the one of its side and generation."""
    others = [each for each in meeting.desktops if _key(each) != _key(desktop)]
    return msgspec.structs.replace(meeting, desktops=_sorted([*others, desktop]))


def _key(desktop: Desktop) -> tuple[MeetingRole, int]:
    return desktop.role, desktop.generation


def _sorted(desktops: Sequence[Desktop]) -> tuple[Desktop, ...]:
    order = list(MeetingRole)
    return tuple(sorted(desktops, key=lambda each: (order.index(each.role), each.generation)))


def _kept(desktops: Sequence[Desktop]) -> tuple[Desktop, ...]:
    """Return those that something is left of, and the last one of each side."""
    last = {each.role: each.generation for each in _sorted(desktops)}
    return tuple(
        each for each in desktops if not each.is_settled or last[each.role] == each.generation
    )


def look_at_of(meeting: Meeting, policy: MeetingPolicy) -> str | None:
    """Return from when a sweep is to look at a meeting; None once nothing is left to do."""
    if not meeting.is_over:
        return to_text(launch_at(meeting, policy))
    if all(each.is_settled for each in meeting.desktops):
        return None
    return meeting.ended_at


def _desktop_changes(before: Meeting, after: Meeting, actor: Principal, at: str) -> list[Change]:
    known = {_key(each): each for each in before.desktops}
    changes = []
    for desktop in after.desktops:
        old = known.get(_key(desktop))
        if old != desktop:
            data = _told_of(old, desktop, after)
            changes.append(fact("meeting.desktop", after, data, actor, at))
    return changes


def _told_of(old: Desktop | None, new: Desktop, meeting: Meeting) -> dict[str, Any]:
    data: dict[str, Any] = {
        "role": new.role,
        "generation": new.generation,
        "old": old.state if old else None,
        "new": new.state,
        "machineId": new.machine_id,
        "reason": new.reason,
    }
    if new.state is DesktopState.HEALTHY and new.healthy_at and new.launched_at:
        took = from_text(new.healthy_at) - from_text(new.launched_at)
        data |= {"workspace": meeting.workspace, "launchSeconds": took.total_seconds()}
    return data
