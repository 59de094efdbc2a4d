"""What may be taken along of a video, and which pages may hold its player."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import storable
from quadrangle.videos.model import Download, Video
from quadrangle.videos.offering.origin_rules import is_origin
from quadrangle.videos.rules import CHANGED, record, require_sharable

ANY = "*"
MOST_ORIGINS = 20


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; None leaves as it is.

    `embed_origins` are the only pages that may hold the player; none are all that the
    installation allows.
    """

    download: Download | None = None
    embed: bool | None = None
    embed_origins: tuple[str, ...] | None = None


def offered(
    video: Video, offer: Offer, allowed: Sequence[str], now: datetime, who: Principal
) -> tuple[Video, Change]:
    """Return the video with what is offered of it; `allowed` are the installation's origins.

    Raises InvalidInput, and Forbidden for a film of a meeting. Where less is offered than before,
    all addresses of its media end.
    """
    values: dict[str, object] = {}
    details = video.details
    if offer.embed is not None:
        if offer.embed:
            require_sharable(video)
        if offer.embed and not allowed:
            raise InvalidInput.at("embed", "Players in other pages are switched off here.")
        values["embed"] = offer.embed
    if offer.embed_origins is not None:
        values["embed_origins"] = _origins(offer.embed_origins, allowed)
    if offer.download is not None and offer.download is not details.download:
        values["download"] = offer.download
        values["grants"] = details.grants + 1
    after = msgspec.structs.replace(
        video,
        details=msgspec.structs.replace(details, **values),
        updated_at=to_text(now),
        version=video.version + 1,
    )
    fields = [name for name in values if name != "grants"]
    return after, record(CHANGED, video, now, who, {"fields": fields})


def _origins(given: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(_tidy(each) for each in given if each.strip()))
    if len(found) > MOST_ORIGINS:
        raise InvalidInput.at("embed_origins", f"Please name at most {MOST_ORIGINS} sites.")
    for each in found:
        if not is_origin(each):
            raise InvalidInput.at(
                "embed_origins",
                f"{storable(each)[:100]} is no site: please name it as https://moodle.campus.example,"
                " without a path.",
            )
        if ANY not in allowed and each not in allowed:
            raise InvalidInput.at(
                "embed_origins", f"Players are not allowed in pages of {each} here."
            )
    return found


def _tidy(given: str) -> str:
    return given.strip().lower().removesuffix("/")


def ancestors(video: Video, allowed: Sequence[str]) -> tuple[str, ...]:
    """Return which pages may hold the player of a video: what the installation allows now, and its
    owner too. None where no page may."""
    details = video.details
    if not details.embed or not allowed:
        return ()
    if not details.embed_origins:
        return tuple(allowed)
    if ANY in allowed:
        return details.embed_origins
    return tuple(each for each in details.embed_origins if each in allowed)


def may_be_taken(video: Video) -> bool:
    """Tell whether its owner lets others take anything of a video along."""
    return video.details.download is not Download.NONE
