"""The routes of the video service."""

from quadrangle.videos.http import captions, courses, gallery, sharing, stream, uploads

ROUTES = [
    *gallery.ROUTES,
    *captions.ROUTES,
    *sharing.ROUTES,
    *courses.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
