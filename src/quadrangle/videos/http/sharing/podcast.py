"""The sound of a video at its address in a feed: checked at each request, so that it ends at once.

Programs fetch it days after they read the feed; so it is no address of media, which hold for hours.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from quadrangle.http.access_log import log_also
from quadrangle.http.plain import Send, answer, method_of, refuse, refuse_for
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.videos.courses.feeds import CourseFeeds
from quadrangle.videos.http.media import serve_file
from quadrangle.videos.http.parameters import number_of
from quadrangle.videos.model import Video
from quadrangle.videos.offering.rules import may_be_taken

ROOT = "/podcast/"
SUFFIX = ".m4a"


class Podcast:
    """The ASGI application for what ends in SUFFIX below ROOT. `sound` returns where a file is."""

    def __init__(self, feeds: CourseFeeds, sound: Callable[[Video], Path | None]) -> None:
        self._feeds = feeds
        self._sound = sound

    def takes(self, scope: Any) -> bool:
        """Tell whether a request is one of ours."""
        path = scope["path"]
        return path.startswith(ROOT) and path.endswith(SUFFIX) and path.count("/") == 3

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        method = method_of(scope)
        key, _, name = scope["path"][len(ROOT) :].partition("/")
        # the key opens it for whoever reads the log
        log_also(scope, path=f"{ROOT}-/{name[:20]}")
        scope["path_template"] = ROOT + "{key}/{videoId}" + SUFFIX
        if method == "OPTIONS":
            await answer(send, 204, {"Allow": "GET, HEAD, OPTIONS"})
        elif method not in ("GET", "HEAD"):
            await refuse(send, 405, headers={"Allow": "GET, HEAD, OPTIONS"})
        else:
            try:
                video = await self._feeds.episode(key, number_of(name.removesuffix(SUFFIX)))
                path = self._sound(video) if may_be_taken(video) else None
                if path is None:
                    await refuse(send, 404)
                else:
                    await serve_file(scope, send, path, SUFFIX, is_head=method == "HEAD")
            except QuadrangleError as error:
                await refuse_for(send, error)
