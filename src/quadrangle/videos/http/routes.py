"""The routes of the video service."""

from quadrangle.videos.http import captions, chapters, cues, gallery, speech, stream, uploads

ROUTES = [
    *gallery.ROUTES,
    *captions.ROUTES,
    *cues.ROUTES,
    *chapters.ROUTES,
    *speech.ROUTES,
    *stream.ROUTES,
    *uploads.ROUTES,
]
