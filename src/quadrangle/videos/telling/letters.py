"""The letter that tells somebody what was shared with them."""

import hashlib
from collections.abc import Sequence

import msgspec

from quadrangle.kernel.mail import Mail
from quadrangle.letters.templates import templates_of
from quadrangle.letters.texts import cut, one_line, unlinked
from quadrangle.videos.model import Video
from quadrangle.videos.sharing.model import Person

MOST_LISTED = 20
_LONGEST_IN_SUBJECT = 40  # phones show about as much of it


class _Listed(msgspec.Struct, frozen=True):
    title: str
    by: str
    link: str


def shared(reader: Person, videos: Sequence[Video], public_url: str) -> Mail:
    """Write one letter about one video or several. Its key is of these videos for that reader."""
    base = public_url.rstrip("/")
    listed = [
        _Listed(
            title=unlinked(one_line(each.title)),
            by=unlinked(one_line(each.details.owner_name)),
            link=f"{base}/video?id={each.video_id}",
        )
        for each in videos[:MOST_LISTED]
    ]
    context = {
        "name": unlinked(one_line(reader.name)),
        "videos": listed,
        "more": len(videos) - len(listed),
        "link": listed[0].link if len(videos) == 1 else f"{base}/watch",
    }
    templates = templates_of("quadrangle.videos")
    text, html = (templates.get_template(f"shared.{kind}") for kind in ("txt", "html"))
    return Mail(
        key=f"video-shared:{reader.account_id}:{_digest(videos)}",
        to=reader.email,
        subject=_subject(videos),
        text=text.render(context),
        html=html.render(context),
    )


def _subject(videos: Sequence[Video]) -> str:
    if len(videos) > 1:
        return f"{len(videos)} videos were shared with you"
    return f"Shared with you: {cut(one_line(videos[0].title), _LONGEST_IN_SUBJECT)}"


def _digest(videos: Sequence[Video]) -> str:
    numbers = ",".join(str(each) for each in sorted(video.video_id for video in videos))
    return hashlib.sha256(numbers.encode()).hexdigest()[:16]
