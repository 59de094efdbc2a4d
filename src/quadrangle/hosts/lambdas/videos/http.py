"""Answers requests about videos. What is new in the queue, workers are called for before the answer
goes out."""

from typing import Any
from urllib.parse import urlsplit

from quadrangle.hosts.lambdas.accounts.parts import account_service
from quadrangle.hosts.lambdas.base.http import common_of, handler_of
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.videos.mounts import mounts_of
from quadrangle.hosts.lambdas.videos.parts import VideoFacades, cloud_videos
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.hosts.shared.mounts import with_mounts
from quadrangle.http.gateway import App
from quadrangle.videos.declared import STRIPPED, VIDEOS
from quadrangle.videos.http.routes import ROUTES
from quadrangle.videos.http.uploads.parts import ROUTES as PART_ROUTES

parts = started("dynamodb", "s3")
cloud = cloud_videos(parts)
accounts = account_service(parts)
facades = VideoFacades(parts, cloud, accounts)
_HOST = urlsplit(parts.environment.public_url).netloc.encode()


def front(app: App) -> App:
    """Have an application be asked by the address of the pages, where media are too, and by the
    gallery's whole paths."""
    mounted = with_mounts(app, mounts_of(facades.videos), STRIPPED)

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        headers = [each for each in scope["headers"] if each[0] != b"host"]
        await mounted({**scope, "headers": [*headers, (b"host", _HOST)]}, receive, send)
        await cloud.call_workers_if_new()

    return asked


handler = handler_of(
    parts.environment,
    RouteGroup([*ROUTES, *PART_ROUTES], [facades.videos, facades.uploads]),
    common_of(parts, accounts.authentication),
    open_paths=VIDEOS.open_paths,
    secret_paths=VIDEOS.secret_paths,
    front=front,
)
