"""The routes of the video service."""

from quadrangle.videos.http import captions, gallery, speech, stream, uploads

ROUTES = [*gallery.ROUTES, *captions.ROUTES, *speech.ROUTES, *stream.ROUTES, *uploads.ROUTES]
