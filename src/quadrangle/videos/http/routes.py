"""The routes of the video service."""

from quadrangle.videos.http import captions, gallery, stream, uploads

ROUTES = [*gallery.ROUTES, *captions.ROUTES, *stream.ROUTES, *uploads.ROUTES]
