"""The name of the campus on mails, whatever service wrote them.

It is put on as they leave, and where staff reads them: so all have it, and what waits in the outbox
has the name of today.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from html import escape

import msgspec

from quadrangle.kernel.mail import Mail
from quadrangle.letters.texts import one_line

PRODUCT = "Quadrangle"
# As all mails have it: at the end of the text, and above what the page says (letters/templates).
_IN_TEXT = f"\n-- \n{PRODUCT}. "
_IN_PAGE = f"</span>{PRODUCT}</p>"


class CampusOnMails:
    """Puts it there; `name` asks for it. Implements kernel.mail.MailReview."""

    def __init__(self, name: Callable[[], Awaitable[str]]) -> None:
        self._name = name

    async def reviewed(self, mail: Mail, written: datetime) -> Mail:
        return await self.named(mail)

    async def named(self, mail: Mail) -> Mail:
        """Return the mail with the name of the campus on it. Raises Unavailable."""
        return with_campus(mail, await self._name())


def with_campus(mail: Mail, name: str) -> Mail:
    """Return the mail with that name beside the product's, unless that is in it."""
    name = one_line(name)
    sign = name if PRODUCT.casefold() in name.casefold() else f"{name} · {PRODUCT}"
    before, found, after = mail.text.rpartition(_IN_TEXT)
    text = f"{before}\n-- \n{sign}\n{after}" if found else mail.text
    # what people typed is escaped, so the first one is ours
    html = mail.html.replace(_IN_PAGE, f"</span>{escape(sign)}</p>", 1)
    return msgspec.structs.replace(mail, text=text, html=html)
