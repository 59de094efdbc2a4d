"""The routes of the video service."""

from quadrangle.videos.http import captions, gallery, shared_links, stream, uploads

ROUTES = [
    *gallery.ROUTES,
    *shared_links.ROUTES,
    *captions.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
