"""Links as they are kept."""

import msgspec


class SharedLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link to one video, until it is revoked or ends.

    `label` is a word for its owner; `ends_at` an instant; `password` the hash of one, "" where it
    has none.
    """

    link_id: str
    video_id: int
    label: str
    created_at: str
    ends_at: str | None = None
    password: str = ""


class NewLink(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner says of a link to be made; "" for none."""

    label: str = ""
    ends_at: str = ""
    password: str = ""
