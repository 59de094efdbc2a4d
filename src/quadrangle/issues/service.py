"""The issue service: its capabilities, put together from the parts a host has."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import msgspec

from quadrangle.issues.catalog import CATALOG_CHANGED, CatalogEditor, Catalogs
from quadrangle.issues.conversation import Conversation
from quadrangle.issues.overview.overview import Overview
from quadrangle.issues.own_reports import OwnReports
from quadrangle.issues.photos.album import PhotoAlbum
from quadrangle.issues.photos.ports import PhotoLinks, PhotoUploads, PhotoWay, Pictures
from quadrangle.issues.photos.reception import PhotoReception
from quadrangle.issues.ports import CatalogStore, IssueStore, MemberDirectory, StaffDirectory
from quadrangle.issues.reporting import Reporting
from quadrangle.issues.triage import Triage
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, zone_of
from quadrangle.kernel.files import Files

# After these, what is remembered here may have changed.
CHANGING_KINDS = frozenset({CATALOG_CHANGED})


class IssueSettings(msgspec.Struct, frozen=True):
    """What an installation has decided: how many reports may come from one address at once and in
    an hour, and whether only accounts report. `mail_delivery` tells pages where mails go: "smtp",
    or "outbox" where they are only kept, `services` which other services have pages here,
    `public_url` the address that people open, `other_urls` those where pages work too,
    `time_zone` is the campus's, "" for UTC."""

    report_burst: int
    reports_per_hour: int
    mail_delivery: str
    public_url: str = ""
    other_urls: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    accounts_only: bool = False
    time_zone: str = ""


@dataclass(frozen=True)
class IssueParts:
    """What the service is put together from.

    `uploads` and `links` are there where photos go past the service, straight to a store that
    shows them itself. The catalog is remembered for `catalog_kept_for` at most.
    """

    issues: IssueStore
    catalog_store: CatalogStore
    staff: StaffDirectory
    members: MemberDirectory
    files: Files
    pictures: Pictures
    acts: Acts
    clock: Clock
    settings: IssueSettings
    uploads: PhotoUploads | None = None
    links: PhotoLinks | None = None
    catalog_kept_for: timedelta = timedelta.max


class IssueService:
    """Everything that can be done with issues."""

    injected_as: ClassVar[str] = "issues"

    def __init__(self, parts: IssueParts) -> None:
        p, clock = parts, parts.clock
        self.settings = p.settings
        self.staff = p.staff
        self.members = p.members
        self.catalogs = Catalogs(p.catalog_store, clock, p.catalog_kept_for)
        self.catalog_editor = CatalogEditor(p.catalog_store, self.catalogs, clock)
        self.reporting = Reporting(
            p.issues, self.catalogs, clock, accounts_only=p.settings.accounts_only
        )
        self.own_reports = OwnReports(p.issues, p.members, clock)
        self.triage = Triage(p.issues, self.catalogs, p.staff, clock)
        self.conversation = Conversation(p.issues, clock)
        zone = zone_of(p.settings.time_zone)
        self.overview = Overview(p.issues, self.catalogs, clock, p.acts, zone)
        self.album = PhotoAlbum(p.issues, p.files, p.pictures, clock, p.links)
        self._reception = (
            None if p.uploads is None else PhotoReception(p.issues, self.album, p.uploads, clock)
        )

    @property
    def photo_way(self) -> PhotoWay:
        """How photos come."""
        return "direct" if self._reception is None else "presigned"

    @property
    def reception(self) -> PhotoReception:
        """Takes photos in that go past the service: only where the host has `uploads`."""
        assert self._reception is not None
        return self._reception

    def on_change(self, change: Change) -> None:
        """Hear of a change another process made, so that what is remembered here is up to date."""
        if change.kind in CHANGING_KINDS:
            self.catalogs.forget()
