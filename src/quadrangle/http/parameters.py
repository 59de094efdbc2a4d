"""Parameters that routes of several services share, as the OpenAPI description shows them."""

from typing import Annotated, TypeAlias

from litestar.params import PathParameter, QueryParameter

_UUID = {"format": "uuid"}

# An id that is none of ours is answered like one that is not there: 404.
IssueId: TypeAlias = Annotated[str, PathParameter(name="issueId", schema_extra=_UUID)]
AccountId: TypeAlias = Annotated[str, PathParameter(name="accountId", schema_extra=_UUID)]
MailId: TypeAlias = Annotated[str, PathParameter(name="mailId", schema_extra=_UUID)]
PhotoId: TypeAlias = Annotated[str, PathParameter(name="photoId", schema_extra=_UUID)]

PageSize: TypeAlias = Annotated[int, QueryParameter(ge=1, le=100)]
Cursor: TypeAlias = Annotated[
    str | None,
    QueryParameter(max_length=200, description="nextCursor of the page before"),
]
