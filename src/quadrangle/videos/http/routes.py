"""The routes of the video service."""

from quadrangle.videos.http import (
    captions,
    chapters,
    courses,
    cues,
    feeds,
    film,
    gallery,
    oversight,
    shared_links,
    sharing,
    speech,
    stream,
    uploads,
)

ROUTES = [
    *gallery.ROUTES,
    *film.ROUTES,
    *shared_links.ROUTES,
    *oversight.ROUTES,
    *captions.ROUTES,
    *cues.ROUTES,
    *chapters.ROUTES,
    *speech.ROUTES,
    *sharing.ROUTES,
    *courses.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]

# What they lead to is served from files on this machine.
NEAR_ROUTES = [*feeds.ROUTES]
