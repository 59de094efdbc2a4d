"""What a catalog may hold, so that forms can show it and every store keep it."""

import msgspec

from quadrangle.issues.model import Catalog, IssueType
from quadrangle.issues.rules import MAX_NAME
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.text import Checked

MAX_TYPES = 50
MAX_LOCATIONS = 1_000
MAX_TARGET_HOURS = 24 * 365
# The catalog is one document, and a change record has the old and the new one; DynamoDB keeps
# 400 KB in an item. Alike everywhere, so that every catalog can move to the other wing.
MAX_CATALOG_BYTES = 180_000


def check_catalog(catalog: Catalog) -> Catalog:
    """Return the cleaned catalog. Raises InvalidInput with every faulty field."""
    checked = Checked()
    name = checked.line("campusName", catalog.campus_name, MAX_NAME)
    types = tuple(
        IssueType(checked.line(f"issueTypes.{i}.name", t.name, MAX_NAME), t.target_hours)
        for i, t in enumerate(catalog.issue_types)
    )
    places = tuple(
        checked.line(f"locations.{i}", place, MAX_NAME) for i, place in enumerate(catalog.locations)
    )
    for i, kind in enumerate(types):
        if kind.target_hours is not None and not 1 <= kind.target_hours <= MAX_TARGET_HOURS:
            checked.fault(
                f"issueTypes.{i}.targetHours", f"Please use 1 to {MAX_TARGET_HOURS:,} hours."
            )
    _check_names(checked, "issueTypes", [t.name for t in types], MAX_TYPES)
    _check_names(checked, "locations", list(places), MAX_LOCATIONS)
    if checked.errors:
        raise InvalidInput(checked.errors)
    cleaned = Catalog(name, types, places, catalog.version)
    if len(msgspec.json.encode(cleaned)) > MAX_CATALOG_BYTES:
        most = MAX_CATALOG_BYTES // 1000
        message = (
            f"All names together take more than {most} KB. Please shorten some, or give fewer."
        )
        raise InvalidInput.at("locations", message)
    return cleaned


def _check_names(checked: Checked, field: str, names: list[str], most: int) -> None:
    if not 1 <= len(names) <= most:
        checked.fault(field, f"Please give 1 to {most:,} entries.")
    folded = [name.casefold() for name in names]
    for i, name in enumerate(folded):
        if name and name in folded[:i]:
            checked.fault(f"{field}.{i}", f"“{names[i]}” is in the list twice.")
