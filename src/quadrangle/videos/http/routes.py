"""The routes of the video service."""

from quadrangle.videos.http import gallery, stream, uploads

ROUTES = [*gallery.ROUTES, *stream.ROUTES, *uploads.ROUTES]
