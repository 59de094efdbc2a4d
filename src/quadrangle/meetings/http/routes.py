"""The routes of the meeting service, and what they need besides injected parts."""

from litestar.di import Provide

from quadrangle.meetings.http import control, lobby, meetings, source
from quadrangle.meetings.http.callers import provide_calling

ROUTES = [*source.ROUTES, *meetings.ROUTES, *lobby.ROUTES, *control.ROUTES]
DEPENDENCIES = {"calling": Provide(provide_calling)}
