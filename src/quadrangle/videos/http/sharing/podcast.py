"""The sound of a video at its address in a feed: checked at each request, so that it ends at once.

Programs fetch it days after they read the feed; so it is no address of media, which hold for hours.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

from quadrangle.http.access_log import log_also
from quadrangle.http.answers.caching import PRIVATE
from quadrangle.http.answers.plain import Send, answer, method_of, refuse, refuse_for
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.videos.courses.feeds import CourseFeeds
from quadrangle.videos.http.media import serve_file
from quadrangle.videos.http.parameters import number_of
from quadrangle.videos.model import Video
from quadrangle.videos.offering.rules import may_be_taken
from quadrangle.videos.streaming.ports import Granting

ROOT = "/podcast/"
SUFFIX = ".m4a"


# Answers a request, of which it gets scope and `send`, with a video's sound.
Answer: TypeAlias = Callable[[Any, Send, Video], Awaitable[None]]


def sent_from(sound: Callable[[Video], Path | None]) -> Answer:
    """Answer with files, of which `sound` returns where they are."""

    async def answer_with(scope: Any, send: Send, video: Video) -> None:
        path = sound(video)
        if path is None:
            await refuse(send, 404)
        else:
            await serve_file(scope, send, path, SUFFIX, is_head=method_of(scope) == "HEAD")

    return answer_with


def led_to(grants: Granting, base: str) -> Answer:
    """Lead on to an address that holds for minutes, for `base` is where media are."""

    async def answer_with(scope: Any, send: Send, video: Video) -> None:
        media = video.details.media
        path = grants.give(video).file(media.audio_file) if media is not None else None
        if path is None:
            await refuse(send, 404)
        else:
            await answer(send, 302, {"Location": base.rstrip("/") + path, **PRIVATE})

    return answer_with


class Podcast:
    """The ASGI application for what ends in SUFFIX below ROOT."""

    def __init__(self, feeds: CourseFeeds, answer_with: Answer) -> None:
        self._feeds = feeds
        self._answer = answer_with

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
                if may_be_taken(video):
                    await self._answer(scope, send, video)
                else:
                    await refuse(send, 404)
            except QuadrangleError as error:
                await refuse_for(send, error)
