"""The templates of a service's mails, on the layout all mails have."""

import functools
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    import jinja2


@functools.cache
def templates_of(package: str) -> "jinja2.Environment":
    """Return the templates in the folder `templates` of a package.

    Each is compiled at its first use and kept. They extend `layout.html` and use `parts.html`.
    """
    # imported with the first mail: half of the functions that know of mails write none (30 ms)
    import jinja2

    packages = (package, "quadrangle.letters")
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(each) for each in packages]),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["instant"] = _instant
    environment.filters["lines"] = _lines
    return environment


def _instant(instant: datetime) -> str:
    """Such as “21 November 2026, 09:30 UTC” or “10:30 (Europe/Amsterdam)”, by the zone that it is
    in; in English whatever the machine's language."""
    zone = getattr(instant.tzinfo, "key", "UTC")
    named = "UTC" if zone == "UTC" else f"({zone})"
    day = f"{instant.day} {_MONTHS[instant.month - 1]} {instant.year}"
    return f"{day}, {instant.hour:02}:{instant.minute:02} {named}"


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _lines(text: str) -> Markup:
    """Escape a text and mark its line ends: not every mail program knows white-space in CSS."""
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))
