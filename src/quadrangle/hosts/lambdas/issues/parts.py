"""The issue service of a function."""

from datetime import timedelta

from quadrangle.aws.base.clients import client, client_later
from quadrangle.aws.issues.catalog import DynamoCatalogStore
from quadrangle.aws.issues.uploads import S3PhotoUploads
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.issues.stores import issue_store
from quadrangle.issues.photos.ports import PhotoLinks, Picture, Pictures
from quadrangle.issues.ports import MemberDirectory, StaffDirectory
from quadrangle.issues.service import IssueParts, IssueService, IssueSettings
from quadrangle.kernel.errors import TooLarge
from quadrangle.kernel.lazily import lazily

# Nobody tells a container that another has saved something: what it remembers grows old.
CATALOG_KEPT_FOR = timedelta(seconds=30)


class NoPictures:
    """Implements issues.photos.ports.Pictures where none arrive: `photos` alone takes them in."""

    async def re_encode(self, content: bytes, sender: str = "") -> Picture:
        raise TooLarge()


class NoStaff:
    """Implements issues.ports.StaffDirectory for functions that assign nobody."""

    async def staff_names(self) -> dict[str, str]:
        return {}

    async def is_active_staff(self, account_id: str) -> bool:
        return False

    async def address_of(self, account_id: str) -> str | None:
        return None


def issue_service(
    parts: FunctionParts, staff: StaffDirectory | None = None, pictures: Pictures | None = None
) -> IssueService:
    """Return it. What signs the addresses of photos is imported with the first that is asked for.

    Without `staff` nobody can be assigned, without `pictures` none taken in.
    """
    settings = parts.environment
    return IssueService(
        IssueParts(
            issues=issue_store(parts),
            catalog_store=DynamoCatalogStore(parts.dynamo, parts.tables),
            staff=staff or NoStaff(),
            members=lazily(lambda: members_of(parts)),
            files=parts.files,
            pictures=pictures or NoPictures(),
            acts=lazily(lambda: parts.acts),
            clock=parts.clock,
            settings=IssueSettings(
                report_burst=settings.report_burst,
                reports_per_hour=settings.reports_per_hour,
                mail_delivery="smtp",
                public_url=settings.public_url,
                accounts_only=settings.reporters == "accounts",
                time_zone=settings.time_zone,
                services=("meetings", "videos") if settings.videos == "yes" else ("meetings",),
            ),
            uploads=S3PhotoUploads(client_later("s3"), settings.photos_bucket),
            links=lazily(lambda: _photo_links(parts)),
            catalog_kept_for=CATALOG_KEPT_FOR,
        )
    )


def members_of(parts: FunctionParts) -> MemberDirectory:
    """Return who knows those with accounts."""
    from quadrangle.accounts.people.for_issues import IssueMembers
    from quadrangle.hosts.lambdas.accounts.stores import account_store

    return IssueMembers(account_store(parts))


def _photo_links(parts: FunctionParts) -> PhotoLinks:
    from quadrangle.aws.base.front_keys import SecretFrontKeys
    from quadrangle.aws.issues.photo_links import CloudFrontPhotoLinks

    settings = parts.environment
    keys = SecretFrontKeys(client("secretsmanager"), settings.photo_keys, parts.clock)
    return CloudFrontPhotoLinks(
        keys.current, settings.photo_key_ids, settings.public_url, parts.clock
    )
