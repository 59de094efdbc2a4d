"""The calls about issues that a container of issues_http may never get, and their parts."""

from quadrangle.aws.base.clients import client
from quadrangle.hosts.lambdas.base.downloads import stored_downloads
from quadrangle.hosts.lambdas.base.parts import Parts
from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.issues.catalog import CatalogEditor
from quadrangle.issues.conversation import Conversation
from quadrangle.issues.http import routes as issue_routes
from quadrangle.issues.overview.overview import Overview
from quadrangle.issues.photos.album import PhotoAlbum
from quadrangle.issues.photos.ports import PhotoLinks, Picture
from quadrangle.issues.photos.reception import PhotoReception
from quadrangle.issues.ports import StaffDirectory
from quadrangle.issues.triage import Triage
from quadrangle.kernel.errors import TooLarge
from quadrangle.kernel.later import later


class NoPictures:
    """Implements issues.ports.Pictures where none arrive: the function `photos` takes them in."""

    async def re_encode(self, content: bytes) -> Picture:
        raise TooLarge()


def seldom_routes(parts: Parts, staff: StaffDirectory) -> RouteGroup:
    """Return them. Staff, photos, conversations, lists and catalogs."""
    links = later(lambda: _photo_links(parts))
    album = PhotoAlbum(parts.issues, parts.files, NoPictures(), parts.clock, links)
    return RouteGroup(
        [*issue_routes.SELDOM, *issue_routes.PHOTOS_SENT_TO_S3],
        {
            "staff": staff,
            "triage": Triage(parts.issues, parts.catalogs, staff, parts.clock),
            "conversation": Conversation(parts.issues, parts.clock),
            "overview": Overview(parts.issues, parts.catalogs, parts.clock, parts.acts),
            "downloads": stored_downloads(parts),
            "catalogs": parts.catalogs,
            "catalog_editor": CatalogEditor(parts.catalog_store, parts.catalogs, parts.clock),
            "album": album,
            "reception": PhotoReception(parts.issues, album, parts.uploads, parts.clock),
            "photo_upload": "presigned",
            "mail_delivery": "smtp",
        },
        issue_routes.DEPENDENCIES,
    )


def _photo_links(parts: Parts) -> PhotoLinks:
    """Import what signs with the first picture that is asked for."""
    from quadrangle.aws.issues.photo_keys import SecretPhotoKeys
    from quadrangle.aws.issues.photo_links import CloudFrontPhotoLinks

    settings = parts.environment
    keys = SecretPhotoKeys(client("secretsmanager"), settings.photo_keys, parts.clock)
    return CloudFrontPhotoLinks(
        keys.current, settings.photo_key_ids, settings.public_url, parts.clock
    )
