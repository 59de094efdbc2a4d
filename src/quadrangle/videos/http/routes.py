"""The routes of the video service."""

from quadrangle.videos.http import (
    captions,
    film,
    gallery,
    offering,
    oversight,
    plays,
    shared_links,
    stream,
    uploads,
)

ROUTES = [
    *gallery.ROUTES,
    *film.ROUTES,
    *shared_links.ROUTES,
    *plays.ROUTES,
    *offering.ROUTES,
    *oversight.ROUTES,
    *captions.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
