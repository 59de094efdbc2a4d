"""The routes of the video service."""

from quadrangle.videos.http import (
    captions,
    courses,
    cues,
    feeds,
    gallery,
    shared_links,
    sharing,
    speech,
    stream,
    uploads,
)

ROUTES = [
    *gallery.ROUTES,
    *shared_links.ROUTES,
    *captions.ROUTES,
    *cues.ROUTES,
    *speech.ROUTES,
    *sharing.ROUTES,
    *courses.ROUTES,
    *feeds.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
