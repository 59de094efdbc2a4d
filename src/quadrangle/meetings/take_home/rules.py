"""What becomes of a sheet about Take home: (sheet, what was found, now) -> sheet and changes."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Gone, NotFound
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.materials.keeping_rules import KEPT
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.take_home.model import Bundle, TakeHome, TakeHomeState, Unread

# Mails wait for this one; see calendar/reactions.py.
FILES_READY = "meeting.files-ready"
NO_FILES = "meeting.no-files"
FILES_REMOVED = "meeting.files-removed"
OVER = "These files were removed: they are kept for seven days."

Told = tuple[TakeHome, list[Change]]


def packed(
    sheet: TakeHome,
    bundles: Sequence[Bundle],
    now: datetime,
    partial: Collection[MeetingRole] = (),
    unread: Sequence[Unread] = (),
) -> Told:
    """Note what was packed, of which sides some is missing, and which homes could not be read.
    What stands already stays."""
    if sheet.state is not TakeHomeState.NONE:
        return sheet, []
    at, until = to_text(now), to_text(now + KEPT)
    is_kept = bool(bundles or unread)
    told = msgspec.structs.replace(
        sheet,
        state=TakeHomeState.READY if bundles else _nothing(partial),
        bundles=tuple(bundles),
        partial=tuple(role for role in MeetingRole if role in partial),
        unread=tuple(unread),
        packed_at=at,
        until=until if bundles else None,
        look_at=until if is_kept else None,
    )
    if not bundles:
        return told, [_fact(NO_FILES, told, at, {"why": told.state.value})]
    size = sum(each.size for each in bundles)
    roles = [role for role in MeetingRole if seen_by(told, role).bundles]
    return told, [_fact(FILES_READY, told, at, {"size": size, "until": until, "roles": roles})]


def _nothing(partial: Collection[MeetingRole]) -> TakeHomeState:
    return TakeHomeState.LOST if partial else TakeHomeState.EMPTY


def seen_by(sheet: TakeHome, side: MeetingRole | None) -> TakeHome:
    """Return the sheet as one side may know it: what a student took home is there for both, what
    a teacher did for the teacher. Staff, who is no side, reads of all of it."""
    if side is not MeetingRole.STUDENT:
        return sheet
    bundles = tuple(each for each in sheet.bundles if each.role is side)
    partial = tuple(each for each in sheet.partial if each is side)
    state = sheet.state
    if state is TakeHomeState.READY and not bundles:
        state = _nothing(partial)
    elif state is TakeHomeState.LOST and not partial:
        state = TakeHomeState.EMPTY
    until = sheet.until if bundles else None
    return msgspec.structs.replace(
        sheet, state=state, bundles=bundles, partial=partial, until=until
    )


def removed(sheet: TakeHome, now: datetime) -> Told:
    """Note that the files are gone, and the homes that could not be read, once they are."""
    if sheet.state is not TakeHomeState.READY:
        return msgspec.structs.replace(sheet, unread=(), look_at=None), []
    told = msgspec.structs.replace(
        sheet, state=TakeHomeState.REMOVED, bundles=(), unread=(), look_at=None
    )
    return told, [_fact(FILES_REMOVED, told, to_text(now), {})]


def bundle_of(
    sheet: TakeHome, name: str, now: datetime, side: MeetingRole = MeetingRole.TEACHER
) -> Bundle:
    """Return the zip of that name, for a side. Raises Gone when its time is over, NotFound."""
    if sheet.state is TakeHomeState.REMOVED or is_past(sheet, now):
        raise Gone(OVER)
    for bundle in seen_by(sheet, side).bundles:
        if bundle.name == name:
            return bundle
    raise NotFound("There is no such file.")


def is_past(sheet: TakeHome, now: datetime) -> bool:
    """Tell whether the files may not be fetched any more, though they may still lie there."""
    return sheet.until is not None and sheet.until <= to_text(now)


def _fact(kind: str, sheet: TakeHome, at: str, data: dict[str, object]) -> Change:
    return Change(kind=kind, subject=sheet.meeting_id, data=data, actor=SYSTEM.name, at=at)
