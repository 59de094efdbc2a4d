"""A course as RSS 2.0, with what podcast programs want to know."""

import re
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree

import msgspec

from quadrangle.kernel.clock import from_text
from quadrangle.videos.courses.model import Course, Openness
from quadrangle.videos.model import Video

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "en"
_CATEGORY = "Education"
# What XML cannot say, in any form.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Sound(msgspec.Struct, frozen=True):
    """The sound of a video as one file: its address, its size in bytes, its media type."""

    url: str
    size: int
    type: str


class Addresses(msgspec.Struct, frozen=True):
    """Whole addresses: of the feed, of the pages of the course and its videos."""

    feed: str
    course: str
    video: str  # to which the number of one is added
    picture: str = ""  # "" while no video has one


def podcast(
    course: Course, episodes: list[tuple[Video, Sound | None]], addresses: Addresses
) -> bytes:
    """Return the feed as UTF-8. What has no sound is an entry that leads to its page alone."""
    ElementTree.register_namespace("itunes", ITUNES)
    ElementTree.register_namespace("atom", ATOM)
    rss = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, "title", course.title)
    _add(channel, "link", addresses.course)
    _add(channel, "description", _as_html(course.description or course.title))
    _add(channel, "language", _LANGUAGE)
    _add(channel, "lastBuildDate", _date(course.updated_at))
    if addresses.picture:
        image = ElementTree.SubElement(channel, "image")
        _add(image, "url", addresses.picture)
        _add(image, "title", course.title)
        _add(image, "link", addresses.course)
        ElementTree.SubElement(channel, f"{{{ITUNES}}}image", {"href": addresses.picture})
    own = {"href": addresses.feed, "rel": "self", "type": "application/rss+xml"}
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", own)
    _itunes(channel, "author", course.owner_name)
    _itunes(channel, "type", "serial")
    _itunes(channel, "explicit", "false")
    ElementTree.SubElement(channel, f"{{{ITUNES}}}category", {"text": _CATEGORY})
    if course.openness is not Openness.PUBLIC:
        _itunes(channel, "block", "Yes")  # no directory is to list it
    for number, (video, sound) in enumerate(episodes, 1):
        _episode(channel, number, video, sound, addresses)
    return ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)


def _episode(
    channel: ElementTree.Element,
    number: int,
    video: Video,
    sound: Sound | None,
    addresses: Addresses,
) -> None:
    item = ElementTree.SubElement(channel, "item")
    page = f"{addresses.video}{video.video_id}"
    _add(item, "title", video.title)
    _add(item, "link", page)
    _add(item, "description", _as_html(video.description or video.title))
    guid = _add(item, "guid", f"quadrangle-video-{video.video_id}")
    guid.set("isPermaLink", "false")
    _add(item, "pubDate", _date(max(video.created_at, video.details.publish_at or "")))
    if sound is not None:
        about = {"url": sound.url, "length": str(sound.size), "type": sound.type}
        ElementTree.SubElement(item, "enclosure", about)
    _itunes(item, "episode", str(number))
    _itunes(item, "episodeType", "full")
    _itunes(item, "explicit", "false")
    if video.duration is not None:
        _itunes(item, "duration", str(round(video.duration)))


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = _NO_XML.sub("", text)
    return element


def _itunes(parent: ElementTree.Element, name: str, text: str) -> None:
    _add(parent, f"{{{ITUNES}}}{name}", text)


def _as_html(text: str) -> str:
    """Return a plain text as programs read descriptions: they take them for HTML."""
    return escape(text, quote=False).replace("\n", "<br>\n")


def _date(at: str) -> str:
    return format_datetime(from_text(at), usegmt=True)
