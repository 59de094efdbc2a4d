"""What sharing a video does."""

import hashlib
from collections.abc import Collection
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, FieldError, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import storable
from quadrangle.videos.model import Video
from quadrangle.videos.rules import record, require_sharable
from quadrangle.videos.sharing.model import Audience

SHARED = "video.shared"
MOST_PEOPLE = 200
MOST_COURSES = 100


def shared(
    video: Video, before: Audience, after: Audience, now: datetime, who: Principal
) -> tuple[Video, Change]:
    """Return the video for another audience; addresses end where somebody is taken off."""
    details = video.details
    if takes_off(before, after):
        details = msgspec.structs.replace(details, grants=details.grants + 1)
    moved = msgspec.structs.replace(
        video, details=details, updated_at=to_text(now), version=video.version + 1
    )
    counts: dict[str, object] = {"people": len(after.people), "courses": len(after.courses)}
    return moved, record(SHARED, video, now, who, counts)


def require_no_others(video: Video, before: Audience, after: Audience) -> None:
    """Raise Forbidden for somebody new whom a film of a meeting would be shared with."""
    if not _within(after.people, before.people) or not _within(after.courses, before.courses):
        require_sharable(video)


def version_of(audience: Audience) -> str:
    """Return what an audience is known by; the same whatever order it is in."""
    named = msgspec.json.encode([sorted(audience.people), sorted(audience.courses)])
    return hashlib.sha256(named).hexdigest()[:12]


def require_version(there: Audience, version: str | None) -> None:
    """Raise Conflict unless somebody had this audience before them; None is whichever it is."""
    if version is not None and version != version_of(there):
        raise Conflict(
            "Somebody changed whom this is shared with meanwhile. Please look at it again;"
            " yours is not saved."
        )


def takes_off(before: Audience, after: Audience) -> bool:
    """Tell whether somebody may be reached no more."""
    return not _within(before.people, after.people) or not _within(before.courses, after.courses)


def _within(some: Collection[str], others: Collection[str]) -> bool:
    return set(some) <= set(others)


def check_people(addresses: Collection[str], unknown: Collection[str]) -> None:
    """Raise InvalidInput for too many, or for addresses that nobody here has."""
    if len(addresses) > MOST_PEOPLE:
        sentence = f"Please name at most {MOST_PEOPLE} people; for more there are courses."
        raise InvalidInput([FieldError("people", sentence)])
    if unknown:
        raise InvalidInput([nobody_has("people", ", ".join(sorted(unknown)[:5]))])


def check_courses(course_ids: Collection[str]) -> None:
    """Raise InvalidInput for more courses than a video can be in."""
    if len(course_ids) > MOST_COURSES:
        sentence = f"A video can be in at most {MOST_COURSES} courses."
        raise InvalidInput([FieldError("courses", sentence)])


def nobody_has(field: str, address: str) -> FieldError:
    """Return what is said of an address that is of no account."""
    if not address.strip():
        return FieldError(field, "Please fill this in.")
    return FieldError(field, f"Nobody has an account here with {storable(address)[:300]}.")
