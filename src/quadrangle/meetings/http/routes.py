"""The routes of the meeting service, and what they need besides injected parts."""

from litestar.di import Provide

from quadrangle.meetings.http import (
    booking,
    calendar,
    control,
    lobby,
    meetings,
    oversight,
    room,
    series,
    source,
)
from quadrangle.meetings.http.callers import provide_calling

ROUTES = [
    *source.ROUTES,
    *meetings.ROUTES,
    *booking.ROUTES,
    *series.ROUTES,
    *oversight.ROUTES,
    *calendar.ROUTES,
    *lobby.ROUTES,
    *control.ROUTES,
    *room.ROUTES,
]
# Answers that last, which only a server of our own can give.
FOLLOWED = lobby.FOLLOWED
DEPENDENCIES = {"calling": Provide(provide_calling)}
