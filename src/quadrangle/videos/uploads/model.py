"""Uploads as they are kept; how much of one is there, only its file knows."""

import msgspec

from quadrangle.videos.model import Visibility
from quadrangle.videos.publishing_rules import Publishers

OF_MEETING = "of-meeting"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody sends in pieces. Sizes in bytes, instants as texts.

    `metadata` is what the client sent, for it to have back; OF_MEETING of what was recorded in a
    meeting. `video_id` is there once it is whole. `multipart` names it where its parts go past this
    service, each of `part_size` bytes but for the last. `replaces` is the video whose film it is to
    be.
    """

    upload_id: str
    user_id: str
    owner_name: str
    size: int
    title: str
    filename: str = ""
    description: str = ""
    visibility: Visibility = Visibility.PRIVATE
    metadata: str = ""
    created_at: str
    expires_at: str
    video_id: int | None = None
    replaces: int | None = None
    multipart: str = ""
    part_size: int = 0


class UploadLimits(msgspec.Struct, frozen=True):
    """How large one file and all of a person's may be, in bytes (`quota` 0: any size), and for how
    many hours an upload waits for more; `publishers` may show to everyone what they upload."""

    largest: int = 8 * 2**30
    quota: int = 50 * 2**30
    hours: int = 24
    publishers: Publishers = Publishers.ANYONE
