"""The routes of the meeting service, and what they need besides injected parts."""

from litestar.di import Provide

from quadrangle.meetings.http import lobby, meetings, oversight, room, source
from quadrangle.meetings.http.booking import booking, calendar, series
from quadrangle.meetings.http.callers import provide_calling
from quadrangle.meetings.http.desktops import control
from quadrangle.meetings.http.materials import chat, downloads, files, outcome, recordings

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
# What lies around a meeting: files, what came of it. Contents come and go with these calls, or go
# between browsers and the store of files itself.
_AROUND = [*files.ROUTES, *outcome.ROUTES, *downloads.ROUTES, *chat.ROUTES]
MATERIALS = [*_AROUND, *files.WITH_THE_CALL, *downloads.CONTENTS, *recordings.ROUTES]
MATERIALS_APART = [*_AROUND, *files.ANNOUNCED]
# Answers that last, which only a server of our own can give.
FOLLOWED = lobby.FOLLOWED
DEPENDENCIES = {"calling": Provide(provide_calling)}
