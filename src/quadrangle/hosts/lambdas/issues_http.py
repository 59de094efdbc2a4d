"""Answers requests about issues."""

from quadrangle.aws.clients import client_later
from quadrangle.aws.photo_links import S3PhotoLinks
from quadrangle.hosts import issue_routes
from quadrangle.hosts.lambdas.account_parts import account_service
from quadrangle.hosts.lambdas.http import handler_of
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.http.limits import Limit
from quadrangle.issues.conversation import Conversation
from quadrangle.issues.overview import CatalogEditor, Overview
from quadrangle.issues.photo_uploads import PhotoReception
from quadrangle.issues.photos import PhotoAlbum
from quadrangle.issues.ports import Picture
from quadrangle.issues.service import Reporting
from quadrangle.issues.triage import Triage
from quadrangle.kernel.errors import TooLarge


class NoPictures:
    """Implements issues.ports.Pictures where none arrive: the function `photos` takes them in."""

    async def re_encode(self, content: bytes) -> Picture:
        raise TooLarge()


parts = Parts()
settings = parts.environment
accounts = account_service(parts)
links = S3PhotoLinks(client_later("s3"), settings.photos_bucket)
album = PhotoAlbum(parts.issues, parts.files, NoPictures(), parts.clock, links)

handler = handler_of(
    settings,
    issue_routes.OFTEN,
    {
        "authenticator": accounts.authentication,
        "staff": accounts.staff,
        "reporting": Reporting(
            parts.issues,
            parts.catalogs,
            parts.clock,
            accounts_only=settings.reporters == "accounts",
        ),
        "triage": Triage(parts.issues, parts.catalogs, accounts.staff, parts.clock),
        "conversation": Conversation(parts.issues, parts.clock),
        "overview": Overview(parts.issues, parts.catalogs, parts.clock),
        "catalogs": parts.catalogs,
        "catalog_editor": CatalogEditor(parts.catalog_store, parts.catalogs, parts.clock),
        "report_limit": Limit(settings.report_burst, settings.reports_per_hour),
        "album": album,
        "reception": PhotoReception(parts.issues, album, parts.uploads, parts.clock),
        "photo_upload": "presigned",
        "mail_delivery": "smtp",
    },
    dependencies=issue_routes.DEPENDENCIES,
    hot=issue_routes.hot_parts,
    seldom=[*issue_routes.SELDOM, *issue_routes.PHOTOS_SENT_TO_S3],
)
