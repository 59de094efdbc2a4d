"""What becomes of a sheet about Take home: (sheet, what was found, now) -> sheet and changes."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Gone, NotFound
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.materials.keeping_rules import KEPT
from quadrangle.meetings.take_home.model import Bundle, TakeHome, TakeHomeState

# Mails wait for this one; see calendar/reactions.py.
FILES_READY = "meeting.files-ready"
NO_FILES = "meeting.no-files"
FILES_REMOVED = "meeting.files-removed"
OVER = "These files were removed: they are kept for seven days."

Told = tuple[TakeHome, list[Change]]


def packed(sheet: TakeHome, bundles: Sequence[Bundle], now: datetime, *, lost: bool) -> Told:
    """Note what was packed; `lost`: a folder could not be read. What stands already stays."""
    if sheet.state is not TakeHomeState.NONE:
        return sheet, []
    at, until = to_text(now), to_text(now + KEPT)
    nothing = TakeHomeState.LOST if lost else TakeHomeState.EMPTY
    told = msgspec.structs.replace(
        sheet,
        state=TakeHomeState.READY if bundles else nothing,
        bundles=tuple(bundles),
        is_partial=lost,
        packed_at=at,
        until=until if bundles else None,
        look_at=until if bundles else None,
    )
    if not bundles:
        return told, [_fact(NO_FILES, told, at, {"why": told.state.value})]
    size = sum(each.size for each in bundles)
    return told, [_fact(FILES_READY, told, at, {"size": size, "until": until})]


def removed(sheet: TakeHome, now: datetime) -> Told:
    """Note that the files are gone, once they are."""
    if sheet.state is not TakeHomeState.READY:
        return sheet, []
    told = msgspec.structs.replace(sheet, state=TakeHomeState.REMOVED, bundles=(), look_at=None)
    return told, [_fact(FILES_REMOVED, told, to_text(now), {})]


def bundle_of(sheet: TakeHome, generation: int, now: datetime) -> Bundle:
    """Return the zip of one desktop. Raises Gone when its time is over, NotFound."""
    if sheet.state is TakeHomeState.REMOVED or is_past(sheet, now):
        raise Gone(OVER)
    for bundle in sheet.bundles:
        if bundle.generation == generation:
            return bundle
    raise NotFound("There is no such file.")


def is_past(sheet: TakeHome, now: datetime) -> bool:
    """Tell whether the files may not be fetched any more, though they may still lie there."""
    return sheet.until is not None and sheet.until <= to_text(now)


def _fact(kind: str, sheet: TakeHome, at: str, data: dict[str, object]) -> Change:
    return Change(kind=kind, subject=sheet.meeting_id, data=data, actor=SYSTEM.name, at=at)
