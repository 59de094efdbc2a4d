"""The routes of the video service."""

from quadrangle.videos.http import (
    film,
    gallery,
    offering,
    oversight,
    plays,
    resuming,
    stream,
    taking_down,
)
from quadrangle.videos.http.courses import courses, teachers
from quadrangle.videos.http.sharing import feeds, shared_links, sharing
from quadrangle.videos.http.uploads import uploads
from quadrangle.videos.http.words import captions, chapters, cues, speech

ROUTES = [
    *gallery.ROUTES,
    *film.ROUTES,
    *taking_down.ROUTES,
    *shared_links.ROUTES,
    *plays.ROUTES,
    *resuming.ROUTES,
    *offering.ROUTES,
    *oversight.ROUTES,
    *captions.ROUTES,
    *cues.ROUTES,
    *chapters.ROUTES,
    *speech.ROUTES,
    *sharing.ROUTES,
    *feeds.ROUTES,
    *courses.ROUTES,
    *teachers.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
