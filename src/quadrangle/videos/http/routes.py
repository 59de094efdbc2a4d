"""The routes of the video service."""

from quadrangle.videos.http import captions, cues, gallery, speech, stream, uploads

ROUTES = [
    *gallery.ROUTES,
    *captions.ROUTES,
    *cues.ROUTES,
    *speech.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
