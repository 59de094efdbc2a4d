"""One HTTP request to a server on this machine."""

from __future__ import annotations

import http.client
from typing import NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    """An HTTP status and the whole body."""

    status: int
    body: bytes


def send(base: str, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """Send one request on a connection of its own and return the answer, whatever its status.

    Raises OSError or http.client.HTTPException when there is no answer within 10 seconds.
    """
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        connection.request(method, path, body=body or None, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    finally:
        connection.close()
