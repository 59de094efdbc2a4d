"""Who may see and change a video, and what changing it does."""

from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import SYSTEM, Principal
from quadrangle.kernel.text import Checked
from quadrangle.videos.model import Caption, Status, Video, Visibility

LONGEST_TITLE = 255
LONGEST_DESCRIPTION = 5000
UPLOADED = "video.uploaded"
CHANGED = "video.changed"
DELETED = "video.deleted"
READY = "video.ready"
FAILED = "video.failed"
RETRIED = "video.retried"
REDO_FAILED = "video.redo-failed"
_OPEN = (Visibility.PUBLIC.value, Visibility.CAMPUS.value)
_LISTED = (Visibility.PUBLIC, Visibility.CAMPUS, Visibility.SHARED)
FORMER = "Former member"  # stands where a name was whose account was closed


_NARROW = (Visibility.PRIVATE, Visibility.SHARED)
FOR_TWO = (
    "This was recorded in a meeting. Both agreed to that for the two of them, so nobody else can"
    " be given it."
)


IS_DOWN = (
    "Staff took this video down. Only staff can give it back; until then nobody else can see it."
)


class VideoEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; None leaves as it is, "" takes an instant away."""

    title: str | None = None
    description: str | None = None
    visibility: Visibility | None = None
    publish_at: str | None = None
    unpublish_at: str | None = None


def is_owner(video: Video, who: Principal) -> bool:
    """Tell whether the video is that account's."""
    return who.account_id is not None and who.account_id == video.user_id


def may_change(video: Video, who: Principal) -> bool:
    """Tell whether they may do with it all that can be done."""
    return is_owner(video, who) or (who.is_admin and who.account_id is not None)


def may_see(
    video: Video, who: Principal, now: datetime, *, has_link: bool, is_reached: bool = False
) -> bool:
    """Tell whether they may see it; `has_link`: they have the key of its present link,
    `is_reached`: it names them, or stands in a course of theirs."""
    if may_change(video, who):
        return True
    if video.details.taken_down is not None:  # who gives it back has to look at it
        return who.is_staff
    if video.status is Status.FAILED or not is_published(video, now):
        return False
    if video.visibility is Visibility.PUBLIC:
        return True
    if video.visibility is Visibility.CAMPUS:
        return who.role is not None
    if video.visibility is Visibility.SHARED:
        return is_reached
    return video.visibility is Visibility.UNLISTED and has_link


def may_be_opened(video: Video, now: datetime) -> bool:
    """Tell whether a link of its owner's may show it: not what failed or staff took down, nor
    beyond its times."""
    is_down = video.details.taken_down is not None
    return not is_down and video.status is not Status.FAILED and is_published(video, now)


def is_published(video: Video, now: datetime) -> bool:
    """Tell whether its times of publication let others see it now."""
    first, last = video.details.publish_at, video.details.unpublish_at
    at = to_text(now)
    return (first is None or first <= at) and (last is None or at < last)


def require_account(who: Principal) -> str:
    """Return whose account it is. Raises NotSignedIn, Forbidden."""
    if who.account_id is not None and who.role is not None:
        return who.account_id
    if who.role is None:
        raise NotSignedIn()
    raise Forbidden("Videos belong to accounts. Please sign in with yours.")


def shelf(video: Video, now: datetime, widest: str = "") -> str:
    """Return in whose lists it stands besides its owner's: "public", "campus", "shared" (of those
    it reaches), "" for none. `widest` says for whom the most open course is that it stands in."""
    if video.status is not Status.READY or not is_published(video, now):
        return ""
    if video.visibility is Visibility.SHARED and widest in _OPEN:
        return widest
    return video.visibility.value if video.visibility in _LISTED else ""


def require_sharable(video: Video) -> None:
    """Raise Forbidden for a film that is for the two people of a meeting alone, and for what staff
    took down."""
    if video.details.of_meeting:
        raise Forbidden(FOR_TWO)
    require_standing(video)


def require_standing(video: Video) -> None:
    """Raise Forbidden for what staff took down: its owner cannot show it to anybody."""
    if video.details.taken_down is not None:
        raise Forbidden(IS_DOWN)


def visibility_within(visibility: Visibility, *, of_meeting: bool) -> Visibility:
    """Return how far a new video may be seen: what was recorded in a meeting by nobody else."""
    return visibility if not of_meeting or visibility in _NARROW else Visibility.PRIVATE


def edited(video: Video, edit: VideoEdit, now: datetime, who: Principal) -> tuple[Video, Change]:
    """Return the video as it is after the edit. Raises InvalidInput, Forbidden."""
    _require_may_be(video, edit.visibility)
    checked = Checked()
    values: dict[str, object] = {}
    if edit.title is not None:
        values["title"] = checked.line("title", edit.title, LONGEST_TITLE)
    if edit.description is not None:
        values["description"] = _description(checked, edit.description)
    details: dict[str, object] = {}
    for field in ("publish_at", "unpublish_at"):
        given = getattr(edit, field)
        if given is not None:
            details[field] = instant(checked, field, given)
    _check_times(checked, video, details)
    if checked.errors:
        raise InvalidInput(checked.errors)
    changed = [*values, *details]
    if edit.visibility is not None and edit.visibility is not video.visibility:
        values["visibility"] = edit.visibility
        changed.append("visibility")
        if _takes_away(video.visibility, edit.visibility):
            details["grants"] = video.details.grants + 1
    down = video.details.taken_down
    if edit.visibility is not None and down is not None and down.visibility is not edit.visibility:
        # hidden already: kept for when staff gives it back, which must not show it more widely
        details["taken_down"] = msgspec.structs.replace(down, visibility=edit.visibility)
        changed.append("visibility")
    if details.keys() & {"publish_at", "unpublish_at"}:
        details["grants"] = video.details.grants + 1
    values["details"] = msgspec.structs.replace(video.details, **details)
    return _next(video, now, **values), record(
        CHANGED,
        video,
        now,
        who,
        {"fields": changed, "old": video.visibility, "new": edit.visibility or video.visibility},
    )


def _require_may_be(video: Video, visibility: Visibility | None) -> None:
    """Raise Forbidden for a visibility that a video cannot have."""
    if visibility not in (None, *_NARROW):
        require_sharable(video)
    if visibility not in (None, Visibility.PRIVATE):
        require_standing(video)


def _check_times(checked: Checked, video: Video, times: dict[str, object]) -> None:
    """Note a fault of times of publication, if they are edited, that show the video never."""
    if not times or checked.errors:
        return
    after = msgspec.structs.replace(video.details, **times)
    if after.publish_at and after.unpublish_at and after.publish_at >= after.unpublish_at:
        field = "unpublish_at" if "unpublish_at" in times else "publish_at"
        checked.fault(field, "Please let the video be shown before it is hidden again.")


def _takes_away(old: Visibility, new: Visibility) -> bool:
    """Tell whether somebody may not see it any more: the campus has no link to what is unlisted."""
    return old is not Visibility.PRIVATE and new is not Visibility.PUBLIC


def relinked(video: Video, now: datetime, who: Principal) -> tuple[Video, Change]:
    """Return the video with another link; those before, and what was opened by them, are void."""
    details = msgspec.structs.replace(
        video.details, links=video.details.links + 1, grants=video.details.grants + 1
    )
    return _next(video, now, details=details), record(
        CHANGED, video, now, who, {"fields": ["link"]}
    )


def captioned(
    video: Video, captions: tuple[Caption, ...], now: datetime, who: Principal
) -> tuple[Video, Change]:
    """Return the video with these captions. A model need not write what somebody has written."""
    speech = video.details.speech
    written = {each.language.lower() for each in captions if not each.automatic}
    if speech is not None and speech.language.lower() in written:
        speech = None
    details = msgspec.structs.replace(video.details, captions=captions, speech=speech)
    return _next(video, now, details=details), record(
        CHANGED, video, now, who, {"fields": ["captions"]}
    )


def outlives_owner(video: Video) -> bool:
    """Tell whether a video stays when its owner's account is closed: others may see it."""
    return video.visibility is not Visibility.PRIVATE and video.status is not Status.FAILED


def ownerless(video: Video, now: datetime) -> tuple[Video, Change]:
    """Return the video without whose it was; admins alone may change it from then on."""
    details = msgspec.structs.replace(video.details, owner_name=FORMER, filename="")
    return _next(video, now, user_id="", details=details), record(
        CHANGED, video, now, SYSTEM, {"fields": ["owner"]}
    )


def keys_of(video: Video) -> list[str]:
    """Return the keys of all folders that have files of a video."""
    redo = video.details.redo
    found = [video.key, video.details.source, "" if redo is None else redo.source]
    return [key for key in found if key]


def record(
    kind: str, video: Video, now: datetime, who: Principal, data: dict[str, object] | None = None
) -> Change:
    """Return the change record of something that was done with a video."""
    return Change(
        kind=kind,
        subject=video.subject,
        data=data or {},
        actor=who.name,
        at=to_text(now),
        actor_id=who.account_id,
        origin=who.origin,
    )


def _next(video: Video, now: datetime, **values: object) -> Video:
    return msgspec.structs.replace(
        video, **values, updated_at=to_text(now), version=video.version + 1
    )


def _description(checked: Checked, text: str) -> str:
    return checked.optional_text("description", text, LONGEST_DESCRIPTION)


def instant(checked: Checked, field: str, text: str) -> str | None:
    """Return an instant that somebody gave, None for a blank; notes a fault of what is none."""
    if not text.strip():
        return None
    try:
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("no offset")
        return to_text(from_text(text))
    except (ValueError, OverflowError):
        checked.fault(
            field, "Please give a date and time with its offset, such as 2027-01-31T12:00:00Z."
        )
        return None
