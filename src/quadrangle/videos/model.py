"""Videos as they are kept."""

from enum import StrEnum

import msgspec

from quadrangle.videos.processing.model import Rendered
from quadrangle.videos.speech.model import Speech


class Visibility(StrEnum):
    """Who may see a video, beside its owner: from nobody to everybody."""

    PRIVATE = "private"
    SHARED = "shared"  # the people it names, and those of the courses it stands in
    CAMPUS = "campus"  # whoever is signed in
    UNLISTED = "unlisted"  # whoever has its link
    PUBLIC = "public"


class Status(StrEnum):
    """How far a video is."""

    UPLOADED = "uploaded"  # waits for its turn
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Download(StrEnum):
    """What whoever may see a video may take along as a file."""

    NONE = "none"
    SOUND = "sound"
    FILM = "film"  # and the sound


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """The captions of one language (a BCP 47 code); `file` is what they are called, another name
    with each change. `automatic`: a model wrote them, and nobody has gone over them. `mended`:
    somebody has, so that they count as written by people; the other lines may still be wrong."""

    language: str
    label: str
    file: str
    automatic: bool = False
    mended: bool = False

    @property
    def by_program(self) -> bool:
        """Tell whether a model wrote them, whoever mended some of their lines since."""
        return self.automatic or self.mended


class Chapter(msgspec.Struct, frozen=True):
    """A part of a film: from which second on, and what it is called."""

    start: float
    title: str


class TakenDown(msgspec.Struct, frozen=True, kw_only=True):
    """That staff took a video down: why, who may see it once it is given back, and since when;
    what was taken down by an earlier release does not say that."""

    reason: str
    visibility: Visibility
    at: str | None = None


Spans = tuple[tuple[float, float], ...]  # seconds from and to, in their order; none is all of it


class Redo(msgspec.Struct, frozen=True, kw_only=True):
    """A film that is to take the place of the one that is shown, in a turn to come.

    `kept` are the parts of what was uploaded that are shown. With a `source`, the key of another
    upload, that one is made, of `size` bytes.
    """

    kept: Spans = ()
    source: str = ""
    size: int = 0
    filename: str = ""


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a video besides the columns that the source system named.

    `folder` is that of the rendering to play, growing or whole ("" before the first part is there);
    `media` what lies in it once it is whole. `grants` and `links` are generations: addresses and
    links of an earlier one are void. `failure` and `notice` are sentences for the owner; `may_pass`
    tells of a failure that another try could mend.

    `source` is the key of the upload that is shown where that is not the video's own, `source_s`
    its length, and `kept` what is shown of it. `redo_failure` tells why a `redo` came to nothing.

    `embed`: pages elsewhere may hold its player, only those of `embed_origins` if there are any.
    `of_meeting`: it was recorded in a meeting, for its two people alone.
    `taken_down`: nobody but its owner and staff sees it until staff gives it back.
    """

    owner_name: str = ""
    filename: str = ""
    folder: str = ""
    media: Rendered | None = None
    grants: int = 0
    links: int = 0
    failure: str = ""
    may_pass: bool = False
    notice: str = ""
    publish_at: str | None = None
    unpublish_at: str | None = None
    captions: tuple[Caption, ...] = ()
    speech: Speech | None = None
    chapters: tuple[Chapter, ...] = ()
    source: str = ""
    source_s: float = 0.0
    kept: Spans = ()
    redo: Redo | None = None
    redo_failure: str = ""
    download: Download = Download.SOUND
    embed: bool = False
    embed_origins: tuple[str, ...] = ()
    of_meeting: bool = False
    taken_down: TakenDown | None = None


class Video(msgspec.Struct, frozen=True, kw_only=True):
    """One video. `video_id` is 0 until the store has given it its number; `key` names its files.

    Instants are texts. `version` grows with each change; views are counted beside it.
    """

    video_id: int = 0
    user_id: str
    job_id: int | None = None
    title: str
    description: str = ""
    key: str
    visibility: Visibility = Visibility.PRIVATE
    status: Status = Status.UPLOADED
    duration: float | None = None
    resolution: str | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    file_size: int
    views: int = 0
    created_at: str
    updated_at: str
    version: int = 1
    details: Details = Details()

    @property
    def subject(self) -> str:
        """Its name in change records."""
        return str(self.video_id)


class Passage(msgspec.Struct, frozen=True):
    """A text that is said, without markup, and at which ms of the film it begins."""

    start: int
    text: str


class Moment(msgspec.Struct, frozen=True):
    """Where in a film somebody says what is looked for; `language` is that of the captions."""

    start: int
    text: str
    language: str


class Place(msgspec.Struct, frozen=True):
    """What an address of a video's media is checked by."""

    key: str
    folder: str
    grants: int


class Turn(msgspec.Struct, frozen=True):
    """One video's turn to be processed. `run` names this try: what an earlier one says is void."""

    video_id: int
    run: str
    tries: int


class Pace(msgspec.Struct, frozen=True):
    """How far processing is: seconds of the film, and when the first and the last were told."""

    done_s: float = 0.0
    total_s: float = 0.0
    began_at: str = ""
    told_at: str = ""


class Length(StrEnum):
    """How long a video is, as people choose one."""

    SHORT = "short"  # less than 10 minutes
    MEDIUM = "medium"
    LONG = "long"  # 30 minutes and more


class Captions(StrEnum):
    """Whether a video has captions."""

    WITH = "with"
    WITHOUT = "without"


class Sort(StrEnum):
    """How a list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    VIEWS = "views"
    LONGEST = "longest"
    SHORTEST = "shortest"
    TITLE = "title"


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to, and how it is sorted: None is the newest first, or with words
    the best match first."""

    visibility: Visibility | None = None
    course_id: str | None = None
    length: Length | None = None
    captions: Captions | None = None
    sort: Sort | None = None


NO_FILTERS = Filters()


class VideoQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which videos a list shows.

    Public ones; with `campus` those of the campus too; with `owner_id` that account's own besides,
    or alone where `only_own`, of one `status` if it is given. `words` are searched for.
    """

    campus: bool = False
    owner_id: str | None = None
    only_own: bool = False
    status: Status | None = None
    words: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
