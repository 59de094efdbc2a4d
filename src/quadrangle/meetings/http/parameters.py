"""Parameters of the calls about meetings."""

from typing import Annotated, TypeAlias

from litestar.params import HeaderParameter, PathParameter, QueryParameter

from quadrangle.http.parameters import word_of
from quadrangle.http.routes import SIGNED_IN, Callers, Calls
from quadrangle.meetings.joining.links import LONGEST_KEY
from quadrangle.meetings.model import MeetingRole, Status

calls = Calls("Meetings")
# Whoever holds a side's link, or is one of the two by their account.
LINK_OR_SIGNED_IN = Callers([{}, *(SIGNED_IN.security or ())], SIGNED_IN.refused)
_UUID = {"format": "uuid"}
_LONGEST_INSTANT = 40

# An id that is none of ours is answered like one that is not there.
MeetingId: TypeAlias = Annotated[str, PathParameter(name="meetingId", schema_extra=_UUID)]
Side: TypeAlias = Annotated[
    str, QueryParameter(name="role", schema_extra={"enum": [each.value for each in MeetingRole]})
]
JoinKey: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="X-Join-Key", max_length=LONGEST_KEY, description="the `key` of a side's link"
    ),
]
KeyInQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(name="key", max_length=LONGEST_KEY, description="the `key` of a side's link"),
]
Everyone: TypeAlias = Annotated[
    bool, QueryParameter(name="all", description="everyone's meetings (staff)")
]
StatusFilter: TypeAlias = Annotated[str | None, word_of(Status, "status")]
From: TypeAlias = Annotated[
    str | None,
    QueryParameter(name="from", max_length=_LONGEST_INSTANT, schema_extra={"format": "date-time"}),
]
To: TypeAlias = Annotated[
    str | None,
    QueryParameter(name="to", max_length=_LONGEST_INSTANT, schema_extra={"format": "date-time"}),
]
