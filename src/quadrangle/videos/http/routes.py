"""The routes of the video service."""

from quadrangle.videos.http import (
    captions,
    courses,
    feeds,
    gallery,
    shared_links,
    sharing,
    stream,
    uploads,
)

ROUTES = [
    *gallery.ROUTES,
    *shared_links.ROUTES,
    *captions.ROUTES,
    *sharing.ROUTES,
    *courses.ROUTES,
    *feeds.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
