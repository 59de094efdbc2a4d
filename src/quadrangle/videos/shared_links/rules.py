"""What a link may be, and whether it still opens."""

from datetime import datetime

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.text import Checked, is_seen
from quadrangle.videos.model import Video, Visibility
from quadrangle.videos.rules import instant
from quadrangle.videos.shared_links.model import NewLink, SharedLink

MOST_LINKS = 50  # of one video
LONGEST_LABEL = 100
SHORTEST_PASSWORD, LONGEST_PASSWORD = 6, 200
LINK_MADE = "video.link-made"
LINK_REVOKED = "video.link-revoked"


def made(
    new: NewLink, video: Video, link_id: str, sealed: str, now: datetime, ends_at: str | None
) -> SharedLink:
    """Return the link that was asked for; `sealed` is what is kept of its password."""
    return SharedLink(
        link_id=link_id,
        video_id=video.video_id,
        label=" ".join(new.label.split()),
        created_at=to_text(now),
        ends_at=ends_at,
        password=sealed,
    )


def checked_end(new: NewLink, video: Video, now: datetime) -> str | None:
    """Return when a link that is asked for ends. Raises InvalidInput for what cannot be made."""
    checked = Checked()
    if video.visibility is Visibility.PUBLIC:
        raise InvalidInput(message="This video is public: everybody sees it without a link.")
    if new.label.strip():
        checked.line("label", new.label, LONGEST_LABEL)
    ends_at = instant(checked, "ends_at", new.ends_at)
    if ends_at is not None and ends_at <= to_text(now):
        checked.fault("ends_at", "Please choose an end that is still to come.")
    if new.password and not is_seen(new.password):
        checked.fault("password", "Please use characters that can be seen, or no password.")
    elif new.password and not SHORTEST_PASSWORD <= len(new.password) <= LONGEST_PASSWORD:
        checked.fault(
            "password",
            f"Please use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, or no password.",
        )
    if checked.errors:
        raise InvalidInput(checked.errors)
    return ends_at


def is_over(link: SharedLink, now: datetime) -> bool:
    """Tell whether the link has ended."""
    return link.ends_at is not None and link.ends_at <= to_text(now)
