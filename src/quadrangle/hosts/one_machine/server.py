"""The server of one machine: first start, the application, and its life."""

import asyncio
import contextlib
import gc
import sys
from collections.abc import Sequence
from typing import Any

from quadrangle.hosts.one_machine.connections import most_connections, shares_of
from quadrangle.hosts.one_machine.opening import open_data
from quadrangle.hosts.one_machine.pages import WEB, Pages, with_pages
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.serve import check_port, serve
from quadrangle.hosts.one_machine.services import OPEN_PATHS, PATHS, SCOPES, SECRET_PATHS, Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.hosts.shared.documentation import openapi_config, openapi_route
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.hosts.shared.mounts import with_mounts
from quadrangle.http.access_log import AccessLog
from quadrangle.http.answers.compression import CompressedJson
from quadrangle.http.answers.downloads import StreamedDownloads
from quadrangle.http.asking.addresses import client_address
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.http.asking.shares import OpenRequests
from quadrangle.http.common import Common
from quadrangle.http.hot import HotLane, HotReads
from quadrangle.http.streaming.live import LiveFeed
from quadrangle.kernel.web_addresses import is_loopback
from quadrangle.operation.declared import ALWAYS_ANSWERED


class Server:
    """The application with all services, and what must happen before and after it runs.

    `lane` False has the framework answer all calls, for the test that both answer alike.
    """

    def __init__(self, services: Services, *, lane: bool = True) -> None:
        self.services = services
        self.live = LiveFeed(services.parts.feed)
        settings = services.parts.settings
        self.access_log = AccessLog(secret_paths=SECRET_PATHS, whole=not _is_watched(settings))
        self._errands: list[asyncio.Task[None]] = []
        common = _common(services, settings)
        for host in services.all:
            for listener in host.listeners():
                self.live.on_change(listener.kinds, listener.hear)
            for figure in host.figures():
                services.metrics.follow(figure)
        of_services = [group for host in services.all if (group := host.http(common))]
        self.groups = [*of_services, RouteGroup([openapi_route(SCOPES)], [self.live])]
        mounts = [mount for host in services.all for mount in host.mounts(common)]
        aliases = {short: of for host in services.all for short, of in host.aliases().items()}
        embeds = {page: origin for host in services.all for page, origin in host.embeds().items()}
        calls = [call for group in of_services for call in group.lane if lane]
        pages = Pages(WEB, embeds)
        self.app = build_app(
            self.groups,
            common,
            access_log=self.access_log,
            cors_origins=settings.cors_origins,
            open_paths=OPEN_PATHS,
            own_urls=(settings.public_url, *settings.meeting_origins),
            metrics=services.metrics,
            openapi_config=openapi_config(),
            at_once=HotReads(calls),
            front=lambda app: OpenRequests(
                CompressedJson(
                    HotLane(with_pages(with_mounts(app, mounts, aliases), pages, PATHS), calls)
                ),
                common.address_of,
                shares_of(most_connections()),
                ALWAYS_ANSWERED,
            ),
        )

    async def start(self) -> None:
        """Begin to follow changes, and what goes on beside that."""
        errands = [errand for host in self.services.all for errand in host.errands()]
        self._errands = [asyncio.create_task(errand()) for errand in errands]
        await self.live.start()
        await self.services.parts.signal.listen(self.live.wake)

    async def stop(self) -> None:
        """End what would go on for ever."""
        for errand in self._errands:
            errand.cancel()
        await self.live.close()

    async def close(self) -> None:
        """Finish writes, then let go of everything."""
        await self.services.close()
        self.access_log.flush()


def _common(services: Services, settings: Settings) -> Common:
    def address_of(scope: Any) -> str:
        return client_address(scope, settings.trusted_proxies)

    return Common(
        address_of=address_of,
        authenticator=services.authenticator,
        limiter=RateLimiter(enabled=settings.rate_limits == "on"),
        downloads=StreamedDownloads(),
        secure_cookies=settings.secure_cookies,
    )


async def prepare(services: Services) -> list[str]:
    """Bring the schema up to date and make what must be there; return lines to show once."""
    await open_data(services)
    return [line for host in services.all for line in await host.first_start()]


# How long a busy event loop may keep the interpreter from the writer thread, which needs it for a
# moment between its statements. Python's own 5 ms would be waited out several times per group.
SWITCH_INTERVAL_S = 0.0005


# Objects made since the last look before the collector looks at the youngest again.
COLLECT_EVERY = 50_000


def spare_collector() -> None:
    """Keep the garbage collector from what was made at start and stays for good.

    Going through all of it took 60 ms again and again, for which every request waited.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 50)


LOCAL_LINKS = (
    "  Warning: mails are sent, but their links lead to this machine alone. Set "
    "QUADRANGLE_PUBLIC_URL to the address that people open."
)


async def run_server(settings: Settings) -> int:
    """Serve until told to stop. Raises PortTaken and SettingsError before anything is started."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    check_port(settings)
    services = Services(MachineParts(settings))
    shown_once = await prepare(services)
    server = Server(services)
    await server.start()
    spare_collector()
    try:
        await serve(
            server.app,
            settings,
            on_ready=lambda: _announce(settings, shown_once),
            on_stopping=server.stop,
        )
    finally:
        await server.close()
    return 0


def _is_watched(settings: Settings) -> bool:
    """Tell whether the log goes to a terminal, where a line for each request buries all else."""
    return sys.stdout.isatty() and settings.log_level != "debug"


def _announce(settings: Settings, shown_once: Sequence[str]) -> None:
    """Say on standard error, apart from the log, where to go and, once, how to get in."""
    lines = [f"Quadrangle runs at {settings.public_url}  (Ctrl-C stops it)", *shown_once]
    if settings.smtp_url and is_loopback(settings.public_url):
        lines.append(LOCAL_LINKS)
    if shown_once:
        lines.append(
            "  Shown this once. Change the password under Account, the PIN under Settings."
        )
    if _is_watched(settings):
        lines.append("  Requests are not shown here, unless QUADRANGLE_LOG_LEVEL is debug.")
    with contextlib.suppress(OSError):  # nobody reads it, or there is no room for it
        print("\n".join(lines), file=sys.stderr, flush=True)
