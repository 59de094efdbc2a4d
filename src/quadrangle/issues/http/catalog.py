"""What the forms offer, and how admins change it."""

from typing import Annotated

import msgspec
from litestar.params import JSONBody
from msgspec import Meta

from quadrangle.http.injection import Injected
from quadrangle.http.openapi import limits, line_of, lines_of
from quadrangle.http.parameters import LARGEST
from quadrangle.http.routes import SIGNED_IN, Calls
from quadrangle.issues.catalog_rules import MAX_LOCATIONS, MAX_TARGET_HOURS, MAX_TYPES
from quadrangle.issues.model import Catalog, IssueType
from quadrangle.issues.photos.album import ACCEPTED, MAX_BYTES
from quadrangle.issues.photos.ports import PhotoWay
from quadrangle.issues.rules import MAX_NAME, MAX_PHOTOS
from quadrangle.issues.service import IssueService
from quadrangle.kernel.principal import Principal

calls = Calls("Overview")


class PhotoLimit(msgspec.Struct, rename="camel"):
    """What is taken, and how: `direct` as the body of a request to the issue's photos,
    `presigned` announced to its photo uploads and sent where they say."""

    bytes: int
    per_issue: int
    types: list[str]
    upload: PhotoWay


class Config(msgspec.Struct, rename="camel"):
    """What the pages need to know before anyone signs in. `publicUrl` is where people open them."""

    campus_name: str
    issue_types: list[IssueType]
    locations: list[str]
    photo_limit: PhotoLimit
    mail_delivery: str
    services: list[str]
    public_url: str
    other_urls: list[str]


@calls.get("/api/config", "What the forms offer")
async def config(issues: Injected[IssueService]) -> Config:
    catalog = await issues.catalogs.current()
    return Config(
        campus_name=catalog.campus_name,
        issue_types=list(catalog.issue_types),
        locations=list(catalog.locations),
        photo_limit=PhotoLimit(
            bytes=MAX_BYTES,
            per_issue=MAX_PHOTOS,
            types=list(ACCEPTED),
            upload=issues.photo_way,
        ),
        mail_delivery=issues.settings.mail_delivery,
        services=list(issues.settings.services),
        public_url=issues.settings.public_url.rstrip("/"),
        other_urls=[url.rstrip("/") for url in issues.settings.other_urls],
    )


class TypeBody(msgspec.Struct, rename="camel"):
    """A type of issue; `targetHours` is how soon one should be resolved, null for no target."""

    name: Annotated[str, line_of(MAX_NAME)]
    target_hours: Annotated[int | None, limits(minimum=1, maximum=MAX_TARGET_HOURS)] = None


class CatalogBody(msgspec.Struct, rename="camel"):
    """What the forms offer. Names in a list differ, also where case is not looked at."""

    campus_name: Annotated[str, line_of(MAX_NAME)]
    issue_types: Annotated[list[TypeBody], limits(minItems=1, maxItems=MAX_TYPES)]
    locations: Annotated[list[str], lines_of(MAX_NAME, MAX_LOCATIONS)]
    version: Annotated[int, Meta(ge=0, le=LARGEST)]


def _catalog_body(catalog: Catalog) -> CatalogBody:
    return CatalogBody(
        catalog.campus_name,
        [TypeBody(kind.name, kind.target_hours) for kind in catalog.issue_types],
        list(catalog.locations),
        catalog.version,
    )


@calls.get("/api/issues/settings", "Types, targets and locations (admin)", SIGNED_IN)
async def read_settings(
    principal: Injected[Principal], issues: Injected[IssueService]
) -> CatalogBody:
    return _catalog_body(await issues.catalog_editor.read(principal))


@calls.put(
    "/api/issues/settings", "Save types, targets and locations (admin)", SIGNED_IN, fails=(409,)
)
async def save_settings(
    data: JSONBody[CatalogBody],
    principal: Injected[Principal],
    issues: Injected[IssueService],
) -> CatalogBody:
    types = tuple(IssueType(kind.name, kind.target_hours) for kind in data.issue_types)
    catalog = Catalog(data.campus_name, types, tuple(data.locations), data.version)
    return _catalog_body(await issues.catalog_editor.save(catalog, principal))


ROUTES = [config, read_settings, save_settings]
