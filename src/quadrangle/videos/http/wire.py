"""The shapes of videos on the wire, by the names of the source system."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from quadrangle.http.openapi import Id, Instant, line_of, optional_text_of
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.principal import Principal
from quadrangle.videos.links import Links
from quadrangle.videos.model import Download, Pace, Status, Video, Visibility
from quadrangle.videos.processing.rules import how_far
from quadrangle.videos.rules import LONGEST_DESCRIPTION, LONGEST_TITLE, may_change
from quadrangle.videos.shared_links.model import SharedLink
from quadrangle.videos.streaming.ports import Grant, Granting
from quadrangle.videos.streaming.watching import Showing

HLS = "application/vnd.apple.mpegurl"


class ServiceHealth(msgspec.Struct):
    status: str
    service: str
    runtime: str


class StreamHealth(ServiceHealth):
    timestamp: Instant


class PartBody(msgspec.Struct):
    text: str
    found: bool


class MomentBody(msgspec.Struct):
    """Where somebody says what is looked for; `line` is in parts, of which some were found."""

    seconds: float
    language: str
    line: list[PartBody]


class ProgressBody(msgspec.Struct):
    percent: int
    seconds_left: int | None
    playable: bool


class VideoBody(msgspec.Struct, kw_only=True):
    """What is not for whoever reads it is left out."""

    id: int
    user_id: str
    owner_name: str
    job_id: int | None
    title: str
    description: str
    visibility: Visibility
    status: Status
    duration: float | None
    resolution: str | None
    video_codec: str | None
    audio_codec: str | None
    file_size: int
    thumbnail_url: str | None
    views: int
    created_at: Instant
    updated_at: Instant
    publish_at: Instant | None
    unpublish_at: Instant | None
    mine: bool
    download: Download
    s3_key: str | UnsetType = UNSET
    key: str | UnsetType | None = UNSET
    failure: str | UnsetType | None = UNSET
    can_retry: bool | UnsetType = UNSET
    notice: str | UnsetType | None = UNSET
    progress: ProgressBody | UnsetType | None = UNSET
    moment: MomentBody | UnsetType | None = UNSET
    is_cut: bool | UnsetType = UNSET
    uploaded_duration: float | UnsetType | None = UNSET
    being_edited: bool | UnsetType = UNSET
    edit_failure: str | UnsetType | None = UNSET
    embed: bool | UnsetType = UNSET
    embed_origins: tuple[str, ...] | UnsetType = UNSET
    of_meeting: bool | UnsetType = UNSET
    taken_down: str | UnsetType | None = UNSET


class Pagination(msgspec.Struct, rename="camel"):
    total: int
    page: int
    limit: int
    total_pages: int


class VideoList(msgspec.Struct):
    videos: list[VideoBody]
    pagination: Pagination


class VideoEditBody(msgspec.Struct):
    """What is left out stays as it is; an empty instant is taken away."""

    title: Annotated[str, line_of(LONGEST_TITLE)] | None = None
    description: Annotated[str, optional_text_of(LONGEST_DESCRIPTION)] | None = None
    visibility: Visibility | None = None
    publish_at: Annotated[str, Meta(max_length=40)] | None = None
    unpublish_at: Annotated[str, Meta(max_length=40)] | None = None


class Said(msgspec.Struct):
    message: str


class CaptionBody(msgspec.Struct):
    """`automatic`: a model wrote them; `mended`: somebody went over some of their lines since."""

    language: str
    label: str
    url: str
    automatic: bool
    mended: bool


class StreamBody(msgspec.Struct, kw_only=True, rename="camel"):
    url: str
    type: str
    expires_at: Instant
    expires_in: int
    duration: float | None
    partial: bool | UnsetType = UNSET
    progress: ProgressBody | None = None
    audio_url: str | None = None
    audio_file_url: str | None = None
    film_file_url: str | None = None
    poster_url: str | None = None
    storyboard_url: str | None = None
    captions: list[CaptionBody] = []


class WaitingBody(msgspec.Struct):
    message: str
    status: Status
    progress: ProgressBody | None


class QualityBody(msgspec.Struct):
    name: str
    width: int
    height: int
    bitrate: int
    codecs: str
    url: str


class QualityList(msgspec.Struct):
    qualities: list[QualityBody]


class AddressBody(msgspec.Struct):
    url: str


class VideoUploadBody(msgspec.Struct, rename="camel"):
    upload_id: Id
    offset: int
    size: int
    title: str
    filename: str
    expires_at: Instant
    video_id: int | None
    part_size: int | UnsetType = UNSET


class LimitsBody(msgspec.Struct):
    """`way` is how bytes are sent: "tus" (tus.py), or in "parts" (parts.py)."""

    largest: int
    quota: int | None
    used: int
    refusal: str | None
    way: str


class UploadList(msgspec.Struct):
    uploads: list[VideoUploadBody]
    limits: LimitsBody


class Shown(msgspec.Struct, frozen=True):
    """What bodies are made with: who reads, and what signs what they are given."""

    who: Principal
    links: Links
    grants: Granting
    base: str
    paces: Mapping[int, Pace]
    link: SharedLink | None = None  # by which its reader has come


def video_body(video: Video, shown: Shown) -> VideoBody:
    details = video.details
    body = VideoBody(
        id=video.video_id,
        user_id=video.user_id,
        owner_name=details.owner_name,
        job_id=video.job_id,
        title=video.title,
        description=video.description,
        visibility=video.visibility,
        status=video.status,
        duration=video.duration,
        resolution=video.resolution,
        video_codec=video.video_codec,
        audio_codec=video.audio_codec,
        file_size=video.file_size,
        thumbnail_url=_thumbnail(video, shown),
        views=video.views,
        created_at=video.created_at,
        updated_at=video.updated_at,
        publish_at=details.publish_at,
        unpublish_at=details.unpublish_at,
        mine=may_change(video, shown.who),
        download=details.download,
    )
    down = details.taken_down
    if body.mine or (down and shown.who.is_staff):
        body.taken_down = down and down.reason
    if body.mine:
        unlisted = video.visibility is Visibility.UNLISTED
        pace = shown.paces.get(video.video_id)
        body.s3_key = f"videos/{video.key}"
        body.key = shown.links.key(video) if unlisted else None
        body.failure = details.failure or None
        body.can_retry = video.status is Status.FAILED and details.may_pass
        body.notice = details.notice or None
        body.progress = pace and progress_body(how_far(pace, playable=bool(details.folder)))
        body.is_cut = bool(details.kept)
        body.uploaded_duration = details.source_s or video.duration
        body.being_edited = details.redo is not None
        body.edit_failure = details.redo_failure or None
        body.embed, body.embed_origins = details.embed, details.embed_origins
        body.of_meeting = details.of_meeting
    return body


def _thumbnail(video: Video, shown: Shown) -> str | None:
    media = video.details.media
    if media is None or not media.poster:
        return None
    is_own = may_change(video, shown.who)
    still = shown.grants.still(video, media.poster, is_own=is_own, link=shown.link)
    return shown.base + still


def progress_body(progress: object) -> ProgressBody:
    return msgspec.convert(progress, ProgressBody, from_attributes=True)


def stream_body(showing: Showing, base: str, captions: list[CaptionBody]) -> StreamBody:
    grant, media = showing.grant, showing.video.details.media
    assert grant is not None
    body = StreamBody(
        url=base + grant.master,
        type=HLS,
        expires_at=grant.expires_at,
        expires_in=grant.seconds,
        duration=showing.video.duration,
        captions=captions,
    )
    if showing.is_partial:
        body.partial = True
        body.progress = showing.progress and progress_body(showing.progress)
    if media is not None:
        found = [
            path and base + path
            for path in (
                grant.of(media.audio),
                grant.of(media.poster),
                grant.of(media.storyboard),
                grant.file(media.audio_file),
                grant.file(media.film_file),
            )
        ]
        body.audio_url, body.poster_url, body.storyboard_url = found[:3]
        body.audio_file_url, body.film_file_url = found[3], None
        if showing.video.details.download is Download.FILM:
            body.film_file_url = found[4]
    return body


def captions_of(video: Video, grant: Grant, base: str) -> list[CaptionBody]:
    return [
        CaptionBody(
            each.language,
            each.label,
            f"{base}{grant.captions}{each.file}",
            automatic=each.by_program,
            mended=each.mended,
        )
        for each in sorted(video.details.captions, key=lambda each: each.language)
    ]


def qualities(showing: Showing, base: str) -> QualityList:
    media, grant = showing.video.details.media, showing.grant
    if media is None or grant is None:
        return QualityList([])
    return QualityList(
        [
            QualityBody(
                name=rung.name,
                width=rung.width,
                height=rung.height,
                bitrate=rung.bit_rate,
                codecs=rung.codecs,
                url=f"{base}{grant.path}{rung.playlist}",
            )
            for rung in media.rungs
        ]
    )


def stream_health(now: datetime, runtime: str) -> StreamHealth:
    return StreamHealth("ok", "streaming-service", runtime, to_text(now))
