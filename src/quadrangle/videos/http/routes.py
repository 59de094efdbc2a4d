"""The routes of the video service."""

from quadrangle.videos.http import captions, film, gallery, oversight, shared_links, stream, uploads

ROUTES = [
    *gallery.ROUTES,
    *film.ROUTES,
    *shared_links.ROUTES,
    *oversight.ROUTES,
    *captions.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
