"""The issue service on one machine."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.service import Listener, ServiceHost
from quadrangle.issues.declared import ISSUES
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.ports import IssueStore, MemberDirectory, StaffDirectory
from quadrangle.issues.reactions import IssueReactions
from quadrangle.issues.service import CHANGING_KINDS, IssueParts, IssueService, IssueSettings
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.clock import zone_of
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.mail import MailQueue
from quadrangle.sql.feed.consumers import Batch, MailSource, Projection
from quadrangle.sql.issues import projection
from quadrangle.sql.issues.catalog import SqlCatalogStore
from quadrangle.sql.issues.integrity import CHECKS
from quadrangle.sql.issues.mail_source import Addresses, IssueMailSource
from quadrangle.sql.issues.photo_keys import photo_keys
from quadrangle.sql.issues.store import SqlIssueStore

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.http.common import Common
    from quadrangle.portable.pictures.image_processor import ImageProcessor


class IssuesHost(ServiceHost):
    declared = ISSUES
    consumers = (projection.IssueProjection.name,)

    def __init__(
        self,
        parts: MachineParts,
        mail: MailQueue,
        in_batches: Callable[[MailSource], Batch],
        staff: StaffDirectory,
        staff_addresses: Addresses,
        members: MemberDirectory,
        services: tuple[str, ...],
    ) -> None:
        """`services` are the others that have pages. For many at once, `in_batches` puts mails into
        the outbox, and `staff_addresses` tells what `staff` tells of one."""
        self._services = services
        self._parts = parts
        self._mail = mail
        self._in_batches = in_batches
        self._staff_addresses = staff_addresses
        self._staff = staff
        self._members = members
        self._pictures: ImageProcessor | None = None
        self.store: IssueStore = SqlIssueStore(parts.database)

    @cached_property
    def service(self) -> IssueService:
        parts, settings = self._parts, self._parts.settings
        return IssueService(
            IssueParts(
                issues=self.store,
                catalog_store=SqlCatalogStore(parts.database),
                staff=self._staff,
                members=self._members,
                files=parts.files,
                pictures=lazily(self._make_pictures),
                acts=parts.acts,
                clock=parts.clock,
                settings=IssueSettings(
                    report_burst=settings.report_burst,
                    reports_per_hour=settings.reports_per_hour,
                    services=self._services,
                    mail_delivery="outbox" if settings.smtp_url is None else "smtp",
                    public_url=settings.public_url,
                    other_urls=settings.meeting_origins,
                    accounts_only=settings.reporters == "accounts",
                    time_zone=settings.time_zone,
                ),
            )
        )

    @property
    def _zone(self) -> tzinfo:
        return zone_of(self._parts.settings.time_zone)

    def _make_pictures(self) -> "ImageProcessor":
        from quadrangle.portable.pictures.image_processor import ImageProcessor

        self._pictures = ImageProcessor()
        return self._pictures

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.hosts.shared.http_app import RouteGroup
        from quadrangle.issues.http import hot, live, routes
        from quadrangle.issues.http.open import hot_parts

        parts = hot_parts(self.service, common)
        return RouteGroup(
            [*routes.ROUTES, *routes.PHOTOS_SENT_HERE, *live.ROUTES],
            [self.service],
            routes.DEPENDENCIES,
            hot=[parts],
            lane=hot.hot_calls(parts),
        )

    def listeners(self) -> Sequence[Listener]:
        return [Listener(CHANGING_KINDS, self.service.on_change)]

    def reactions(self) -> Sequence[Reaction]:
        return self._reactions.all()

    def batches(self) -> Sequence[Batch]:
        source = IssueMailSource(self._reactions.occasions.all(), self._staff_addresses)
        return [self._in_batches(source)]

    @cached_property
    def _reactions(self) -> IssueReactions:
        settings = self._parts.settings
        links = IssueLinks(settings.public_url, settings.time_zone)
        return IssueReactions(
            self.store,
            self._mail,
            self.service.triage,
            self._staff,
            self.service.own_reports,
            links,
            settings.admin_email,
            self._parts.clock,
            timedelta(seconds=settings.status_mail_wait),
        )

    async def campus_name(self) -> str:
        """Return what the campus is called by now, for mails."""
        return (await SqlCatalogStore(self._parts.database).load()).campus_name

    def projections(self) -> Sequence[Projection]:
        return [projection.IssueProjection(self._zone)]

    def integrity(self) -> Mapping[str, str]:
        return CHECKS

    async def check(self) -> list[str]:
        """Return a sentence when photos are recorded whose files are missing."""
        root, database = self._parts.settings.data / "files", self._parts.database
        keys = await photo_keys(database)
        missing = await asyncio.to_thread(lambda: {k for k in keys if not (root / k).is_file()})
        if missing:
            missing &= await photo_keys(database)  # without those deleted meanwhile
        return [f"{len(missing)} photo file(s) are missing."] if missing else []

    async def rebuild(self) -> list[str]:
        count = await self._parts.following.write(lambda c: projection.rebuild(c, self._zone))
        return [f"Counted and indexed {count} issues anew."]

    async def close(self) -> None:
        if self._pictures is not None:
            await self._pictures.close()
