"""The player in pages elsewhere: one page, with a policy that says which pages may hold it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from quadrangle.http.access_log import log_also
from quadrangle.http.answers.plain import Send, answer, method_of, refuse
from quadrangle.kernel.errors import NotFound
from quadrangle.videos.http.parameters import number_of
from quadrangle.videos.offering.offering import Offering

ROOT = "/embed/"


class Embed:
    """The ASGI application below ROOT. `page` returns the page, `policy` the header
    Content-Security-Policy for the pages that may hold it."""

    def __init__(
        self, offering: Offering, page: Callable[[], bytes], policy: Callable[[str], str]
    ) -> None:
        self._offering = offering
        self._page = page
        self._policy = policy

    def takes(self, scope: Any) -> bool:
        """Tell whether a request is one of ours."""
        return scope["path"].startswith(ROOT)

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        method = method_of(scope)
        scope["path_template"] = ROOT + "{videoId}"
        log_also(scope, path=f"{ROOT}{scope['path'][len(ROOT) :][:15]}")
        if method == "OPTIONS":
            await answer(send, 204, {"Allow": "GET, HEAD, OPTIONS"})
            return
        if method not in ("GET", "HEAD"):
            await refuse(send, 405, headers={"Allow": "GET, HEAD, OPTIONS"})
            return
        found = await self._ancestors(scope)
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-cache",
            "Content-Security-Policy": self._policy(" ".join(found) or "'none'"),
        }
        if not found:
            headers["X-Frame-Options"] = "DENY"
        body = self._page()
        headers["Content-Length"] = str(len(body))
        await answer(send, 200, headers, b"" if method == "HEAD" else body)

    async def _ancestors(self, scope: Any) -> tuple[str, ...]:
        keys = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("key", [])
        try:
            number = number_of(scope["path"][len(ROOT) :].rstrip("/"))
        except NotFound:
            return ()
        return await self._offering.ancestors(number, keys[0] if keys else None)
