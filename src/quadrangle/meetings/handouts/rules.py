"""What becomes of handed-out files: (files, command, now) -> files and changes."""

import unicodedata
from collections.abc import Collection
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput, NotFound, TooLarge
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.meetings.handouts.model import Handout, HandoutLimits, Handouts, Placed
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole
from quadrangle.meetings.status_rules import fact

FILE_ADDED = "meeting.file-added"
FILE_REMOVED = "meeting.file-removed"
FILES_PLACED = "meeting.files-placed"
MOST_NAME_BYTES = 200
MEGABYTE = 1024 * 1024
# Letters and signs by their class, and blank all the same: fillers of Hangul, the Braille blank.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
OVER = "These files were removed: they are kept for seven days after the meeting."

Told = tuple[Handouts, list[Change]]


def checked_name(name: str) -> str:
    """Return a plain name that every desktop takes. Raises InvalidInput."""
    plain = " ".join(name.replace("\\", "/").rpartition("/")[2].split())
    if not plain or plain.startswith(".") or not plain.isprintable() or not _is_seen(plain):
        raise InvalidInput.at("name", "Please give the file a name that can be read.")
    if len(plain.encode(errors="replace")) > MOST_NAME_BYTES:
        raise InvalidInput.at("name", "The name of this file is too long.")
    return plain


def _is_seen(name: str) -> bool:
    """Tell whether a name has a sign that leaves ink: not only spaces and what has no shape."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in _BLANK for each in name)


def require_size(size: int, limits: HandoutLimits) -> None:
    """Raise TooLarge, and InvalidInput for a file with nothing in it."""
    require_bound(size, limits)
    if size == 0:
        raise InvalidInput.at("name", "There is nothing in this file.")


def require_bound(size: int, limits: HandoutLimits) -> None:
    """Raise TooLarge for more bytes than a file may have."""
    if size > limits.size:
        raise TooLarge(f"A file may have at most {limits.size // MEGABYTE} MB.")


def require_room(sheet: Handouts, name: str, limits: HandoutLimits) -> None:
    """Raise Conflict for one file too many, and for a name that is taken."""
    if len(sheet.files) >= limits.most:
        raise Conflict(f"A meeting can have {limits.most} files. Please remove another one first.")
    if any(each.name.casefold() == name.casefold() for each in sheet.files):
        raise Conflict("There is a file of that name already. Please choose another name.")


def add(
    sheet: Handouts,
    handout: Handout,
    meeting: Meeting,
    limits: HandoutLimits,
    actor: Principal,
) -> Told:
    """Take a file in. Raises Conflict."""
    require_room(sheet, handout.name, limits)
    told = msgspec.structs.replace(sheet, files=(*sheet.files, handout))
    data = {"fileId": handout.file_id, "size": handout.size}
    return told, [fact(FILE_ADDED, meeting, data, actor, handout.added_at)]


def remove(
    sheet: Handouts, file_id: str, meeting: Meeting, actor: Principal, now: datetime
) -> Told:
    """Take a file away that lies on no desktop yet. Raises NotFound, Conflict."""
    handout = find(sheet, file_id)
    running = {each.machine_id for each in meeting.desktops if each.is_living}
    if any(each.machine_id in running and each.problem is None for each in handout.placed):
        raise Conflict("This file lies on a desktop already: it can be deleted there.")
    told = msgspec.structs.replace(
        sheet, files=tuple(each for each in sheet.files if each is not handout)
    )
    return told, [fact(FILE_REMOVED, meeting, {"fileId": file_id}, actor, to_text(now))]


def find(sheet: Handouts, file_id: str) -> Handout:
    """Return one of the files. Raises NotFound."""
    for handout in sheet.files:
        if handout.file_id == file_id:
            return handout
    raise NotFound("There is no such file.")


def find_kept(sheet: Handouts, file_id: str, now: datetime) -> Handout:
    """Return one of the files as long as people may have it. Raises NotFound, Gone."""
    handout = find(sheet, file_id)
    if handout not in kept(sheet, now).files:
        raise Gone(OVER)
    return handout


def missing(sheet: Handouts, meeting: Meeting) -> list[tuple[Handout, MeetingRole, str]]:
    """Return what is to be put where: files, sides and their machines."""
    if meeting.is_over:
        return []
    found = []
    for role in MeetingRole:
        desktop = meeting.desktop(role)
        if desktop is None or desktop.state is not DesktopState.HEALTHY or not desktop.machine_id:
            continue
        for handout in sheet.files:
            if all(each.machine_id != desktop.machine_id for each in handout.placed):
                found.append((handout, role, desktop.machine_id))
    return found


def place(sheet: Handouts, file_id: str, placed: Placed, now: datetime) -> Told:
    """Note where a file was put; nothing of one that was removed meanwhile."""
    if all(each.file_id != file_id for each in sheet.files):
        return sheet, []
    files = tuple(
        msgspec.structs.replace(each, placed=(*each.placed, placed))
        if each.file_id == file_id
        else each
        for each in sheet.files
    )
    data = {"fileId": file_id, "role": placed.role, "problem": placed.problem}
    change = Change(FILES_PLACED, sheet.meeting_id, data, SYSTEM.name, to_text(now))
    return msgspec.structs.replace(sheet, files=files), [change]


def keep_until(sheet: Handouts, until: datetime) -> Told:
    """Have the files of a meeting that is over be kept until then."""
    look_at = to_text(until) if sheet.files else None
    return msgspec.structs.replace(sheet, look_at=look_at), []


def kept(sheet: Handouts, now: datetime) -> Handouts:
    """Return the sheet as people see it: without files whose time is over, though they may still
    lie there."""
    if sheet.look_at is None or to_text(now) < sheet.look_at:
        return sheet
    return msgspec.structs.replace(sheet, files=())


def clear(sheet: Handouts, gone: Collection[str]) -> Told:
    """Take the files out whose contents were deleted, once the meeting is over."""
    left = tuple(each for each in sheet.files if each.file_id not in gone)
    look_at = sheet.look_at if left else None
    return msgspec.structs.replace(sheet, files=left, look_at=look_at), []


def problem_of(handout: Handout, role: MeetingRole, meeting: Meeting) -> str | None:
    """Return why a side's present desktop does not have the file, None where nothing went wrong."""
    placed = _placed_on(handout, role, meeting)
    return None if placed is None else placed.problem


def lies_on(handout: Handout, role: MeetingRole, meeting: Meeting) -> bool:
    """Tell whether a side's present desktop has the file."""
    placed = _placed_on(handout, role, meeting)
    return placed is not None and placed.problem is None


def _placed_on(handout: Handout, role: MeetingRole, meeting: Meeting) -> Placed | None:
    desktop = meeting.desktop(role)
    machine_id = None if desktop is None else desktop.machine_id
    placed = (each for each in handout.placed if each.machine_id == machine_id)
    return next(placed, None) if machine_id else None
