"""The server of one machine: first start, the application, and its life."""

import asyncio
import gc
import sys
from typing import Any

import structlog

from quadrangle.accounts.http import routes as account_routes
from quadrangle.accounts.secrets.first_start import ensure_first_admin, ensure_pin
from quadrangle.accounts.service import ENDING_KINDS
from quadrangle.audit import http as audit_routes
from quadrangle.hosts.one_machine.audit import audit_of
from quadrangle.hosts.one_machine.commands.keys import keep_rotating
from quadrangle.hosts.one_machine.pages import WEB, Pages, with_pages
from quadrangle.hosts.one_machine.parts import Parts
from quadrangle.hosts.one_machine.serve import check_port, serve
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.hosts.shared.documentation import openapi_config, openapi_json
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.http.addresses import client_address
from quadrangle.http.common import Common
from quadrangle.http.downloads import StreamedDownloads
from quadrangle.http.gateway import Gateway
from quadrangle.http.limits import RateLimiter
from quadrangle.http.live import LiveFeed
from quadrangle.http.metrics import Metrics
from quadrangle.issues.http import live as http_live
from quadrangle.issues.http import open as open_routes
from quadrangle.issues.http import routes as issue_routes
from quadrangle.issues.service import (
    CHANGING_KINDS,
    IssueParts,
    IssueService,
    IssueSettings,
)
from quadrangle.mail import http as mail_routes
from quadrangle.mail.service import MailService
from quadrangle.operation import http_dead_letters as job_routes
from quadrangle.operation import http_health as health_routes
from quadrangle.operation.service import Operation
from quadrangle.portable.pictures.image_processor import ImageProcessor
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.feed.feed import SqlChangeFeed

log = structlog.get_logger(__name__)

ROUTES = [
    *issue_routes.ROUTES,
    *issue_routes.PHOTOS_SENT_HERE,
    *http_live.ROUTES,
    *account_routes.ROUTES,
    *audit_routes.ROUTES,
    *mail_routes.ROUTES,
    *job_routes.ROUTES,
    health_routes.health,
    health_routes.metrics_text,
    openapi_json,
]


class Server:
    """The application with all its parts, and what must happen before and after it runs."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        settings = parts.settings
        self.live = LiveFeed(SqlChangeFeed(parts.database))
        self.pictures = ImageProcessor()
        self.access_log = AccessLog()
        self.metrics = Metrics()
        self.accounts = parts.accounts()
        self._rotation: asyncio.Task[None] | None = None
        self.issues = self._issue_service(settings)
        self.live.on_change(CHANGING_KINDS, self.issues.on_change)
        self.live.on_change(ENDING_KINDS, self.accounts.on_change)
        self.app = self._build(settings)

    def _build(self, settings: Settings) -> Gateway:
        p = self.parts

        def address_of(scope: Any) -> str:
            return client_address(scope, settings.trusted_proxies)

        common = Common(
            address_of=address_of,
            authenticator=self.accounts.authentication,
            limiter=RateLimiter(enabled=settings.rate_limits == "on"),
            downloads=StreamedDownloads(),
            secure_cookies=settings.secure_cookies,
        )
        operation = Operation(p.dead_letters, p.acts, self._check_database, self._collect_metrics)
        facades = [
            self.issues,
            self.live,
            self.accounts,
            audit_of(p, self.accounts),
            MailService(p.outbox, p.clock, p.acts),
            operation,
        ]
        dependencies = {**issue_routes.DEPENDENCIES, **account_routes.DEPENDENCIES}
        hot = [open_routes.hot_parts(self.issues, common)]
        return build_app(
            [RouteGroup(ROUTES, facades, dependencies, hot)],
            common,
            access_log=self.access_log,
            cors_origins=settings.cors_origins,
            metrics=self.metrics,
            openapi_config=openapi_config(),
            front=lambda app: with_pages(app, Pages(WEB)),
        )

    def _issue_service(self, settings: Settings) -> IssueService:
        p = self.parts
        return IssueService(
            IssueParts(
                issues=p.issues,
                catalog_store=p.catalog_store,
                staff=self.accounts.staff,
                files=p.files,
                pictures=self.pictures,
                acts=p.acts,
                clock=p.clock,
                settings=IssueSettings(
                    report_burst=settings.report_burst,
                    reports_per_hour=settings.reports_per_hour,
                    mail_delivery="outbox" if settings.smtp_url is None else "smtp",
                    accounts_only=settings.reporters == "accounts",
                ),
            )
        )

    async def _check_database(self) -> None:
        await self.parts.database.read(lambda c: c.exec_driver_sql("SELECT 1").scalar())

    async def _collect_metrics(self) -> bytes:
        self.metrics.dead_jobs.set(await self.parts.dead_letters.count())
        for state, count in (await self.parts.outbox.counts()).items():
            self.metrics.mails.labels(str(state)).set(count)
        return self.metrics.text()

    async def start(self) -> None:
        """Begin to follow changes, and to replace signing keys in time."""
        self._rotation = asyncio.create_task(keep_rotating(self.parts.signing_keys()))
        await self.live.start()
        await self.parts.signal.listen(self.live.wake)

    async def stop(self) -> None:
        """End what would go on for ever."""
        if self._rotation is not None:
            self._rotation.cancel()
        await self.live.close()

    async def close(self) -> None:
        """Finish writes, then let go of everything."""
        await self.pictures.close()
        await self.parts.close()
        self.access_log.flush()


class FirstStart:
    """What was made at this start and must be shown once."""

    def __init__(self, password: str | None, pin: str | None) -> None:
        self.password = password
        self.pin = pin


async def prepare(parts: Parts) -> FirstStart:
    """Bring the schema up to date and make the first admin and the PIN where they are missing."""
    settings = parts.settings
    await migrate(parts.database)
    password = await ensure_first_admin(
        parts.account_store,
        parts.credentials(),
        parts.clock,
        settings.admin_email,
        settings.admin_password,
    )
    pin = await ensure_pin(parts.pins, parts.passwords, parts.clock, settings.staff_pin)
    return FirstStart(password, pin)


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


async def run_server(settings: Settings) -> int:
    """Serve until told to stop. Raises PortTaken and SettingsError before anything is started."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    check_port(settings)
    parts = Parts(settings)
    first = await prepare(parts)
    server = Server(parts)
    await server.start()
    spare_collector()
    try:
        await serve(
            server.app,
            settings,
            on_ready=lambda: _announce(settings, first),
            on_stopping=server.stop,
        )
    finally:
        await server.close()
    return 0


def _announce(settings: Settings, first: FirstStart) -> None:
    """Say on standard error, apart from the log, where to go and, once, how to get in."""
    lines = [f"Quadrangle runs at {settings.public_url}  (Ctrl-C stops it)"]
    if first.password:
        lines.append(f"  Admin sign-in: {settings.admin_email}  password: {first.password}")
    if first.pin:
        lines.append(f"  Staff PIN:     {first.pin}")
    if first.password or first.pin:
        lines.append("  Shown this once. Change them under Settings.")
    print("\n".join(lines), file=sys.stderr, flush=True)
