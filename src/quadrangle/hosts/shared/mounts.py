"""What answers requests before the framework does, and addresses that stand for others."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from quadrangle.http.gateway import App


class Mount(Protocol):
    """An application that streams bodies itself: the framework would hold them whole."""

    def takes(self, scope: Any) -> bool:
        """Tell whether a request is one of its own."""
        ...

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def with_mounts(app: App, mounts: Sequence[Mount], aliases: Mapping[str, str]) -> App:
    """Have mounts answer what is theirs, and requests to an alias be those to what it stands for.

    An alias that ends in a slash is the beginning of addresses.
    """
    beginnings = {short: whole for short, whole in aliases.items() if short.endswith("/")}

    def whole(path: str) -> str:
        if path in aliases:
            return aliases[path]
        short = next((each for each in beginnings if path.startswith(each)), None)
        return path if short is None else beginnings[short] + path[len(short) :]

    async def route(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            path = whole(scope["path"])
            if path != scope["path"]:
                scope = {**scope, "path": path, "raw_path": path.encode()}
            for mount in mounts:
                if mount.takes(scope):
                    await mount(scope, receive, send)
                    return
        await app(scope, receive, send)

    return route
