"""Links in mails that were written before the server had its public address."""

import re
from datetime import datetime

import msgspec

from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.kernel.web_addresses import is_loopback


class PublicLinks:
    """Has links to this machine lead to `public_url`. Implements kernel.mail.MailReview.

    Those of `port` alone are ours: another one is of something that a reader runs and wrote about.
    While `public_url` itself leads to this machine, mails stay as they are.
    """

    def __init__(self, public_url: str, port: int) -> None:
        self._public_url = public_url.rstrip("/")
        own = rf"http://(?:127\.0\.0\.1|localhost|\[::1\]):{port}(?=/)"
        self._own = None if is_loopback(public_url) else re.compile(own)

    async def reviewed(self, mail: Mail, written: datetime) -> Mail:
        if self._own is None:
            return mail
        calendar = mail.calendar
        return msgspec.structs.replace(
            mail,
            text=self._led(mail.text),
            html=self._led(mail.html),
            calendar=None if calendar is None else self._calendar(calendar),
        )

    def _led(self, text: str) -> str:
        assert self._own is not None
        return self._own.sub(lambda _: self._public_url, text)

    def _calendar(self, part: CalendarPart) -> CalendarPart:
        """Lines of a calendar are folded at 75 bytes, in the midst of addresses too."""
        unfolded = re.sub(r"\r?\n[ \t]", "", part.content)
        led = self._led(unfolded)
        if led == unfolded:
            return part
        from icalendar.parser import Contentlines

        return CalendarPart(part.method, Contentlines.from_ical(led).to_ical().decode())
