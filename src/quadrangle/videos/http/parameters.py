"""Parameters of the calls about videos."""

from typing import Annotated, Any, Literal, TypeAlias

from litestar import Request
from litestar.params import PathParameter, QueryParameter

from quadrangle.http.gateway import ASKED_METHOD
from quadrangle.http.parameters import id_in_path, word_of
from quadrangle.http.routes import SIGNED_IN, Callers, Calls
from quadrangle.kernel.errors import NotFound
from quadrangle.videos.model import Captions, Length, Sort, Status, Visibility

calls = Calls("Videos")
# Anyone sees what is public; whoever is signed in sees more.
ANYONE_OR_SIGNED_IN = Callers([{}, *(SIGNED_IN.security or ())], (401,))
_LONGEST_SEARCH = 200
_MOST_PAGES = 10_000_000

# As a text: a number that none of ours can be is answered like a video that is not there.
VideoId: TypeAlias = Annotated[
    str, PathParameter(name="videoId", schema_extra={"pattern": "^[0-9]{1,15}$"})
]
Language: TypeAlias = Annotated[str, PathParameter(name="language", max_length=40)]
Label: TypeAlias = Annotated[str, QueryParameter(name="label", max_length=400)]
CaptionFormat: TypeAlias = Annotated[
    Literal["vtt", "srt"], QueryParameter(name="format", description="WebVTT or SubRip")
]
UploadId: TypeAlias = Annotated[str, id_in_path("uploadId")]
LinkKey: TypeAlias = Annotated[
    str | None,
    QueryParameter(name="key", description="the `key` of an unlisted video's link"),
]
Again: TypeAlias = Annotated[
    bool, QueryParameter(name="again", description="to play on: no view is counted")
]
Embedded: TypeAlias = Annotated[
    bool, QueryParameter(name="embedded", description="for a player in a page elsewhere")
]
PageNumber: TypeAlias = Annotated[int, QueryParameter(name="page", ge=1, le=_MOST_PAGES)]
PageLimit: TypeAlias = Annotated[int, QueryParameter(name="limit", ge=1, le=100)]
Search: TypeAlias = Annotated[str, QueryParameter(name="search", max_length=_LONGEST_SEARCH)]
Mine: TypeAlias = Annotated[bool, QueryParameter(name="mine", description="one's own alone")]
StatusFilter: TypeAlias = Annotated[str | None, word_of(Status, "status")]
VisibilityFilter: TypeAlias = Annotated[str | None, word_of(Visibility, "visibility")]
LengthFilter: TypeAlias = Annotated[str | None, word_of(Length, "length")]
SortWord: TypeAlias = Annotated[str | None, word_of(Sort, "sort")]
CaptionsFilter: TypeAlias = Annotated[str | None, word_of(Captions, "captions")]
CourseFilter: TypeAlias = Annotated[
    str | None, QueryParameter(name="course", max_length=100, description="the id of a course")
]


def number_of(video_id: str) -> int:
    """Return the number of a video. Raises NotFound for what is none."""
    if video_id.isascii() and video_id.isdigit() and len(video_id) <= 15:
        return int(video_id)
    raise NotFound("Video not found")


def only_looks(request: Request[Any, Any, Any]) -> bool:
    """HEAD and prefetches are no view: programs and browsers make them by themselves."""
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    return request.scope.get(ASKED_METHOD) == "HEAD" or "prefetch" in purpose
