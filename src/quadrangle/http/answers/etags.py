"""Answers that programs ask for again and again, told apart by what is in them."""

import hashlib
from typing import Any

from litestar import Request, Response

from quadrangle.http.answers.caching import PRIVATE

_LENGTH = 32


def answer_unless_known(
    request: Request[Any, Any, Any], content: bytes, media_type: str
) -> Response[bytes]:
    """Return the content with its ETag, or 304 to whoever has it already."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:_LENGTH]}"'
    headers = {**PRIVATE, "ETag": tag}
    if _names(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, media_type=media_type, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _names(asked: str, tag: str) -> bool:
    """Tell whether `If-None-Match` names a tag; a proxy that compresses makes it a weak one."""
    given = (each.strip().removeprefix("W/") for each in asked.split(","))
    return any(each in (tag, "*") for each in given)
