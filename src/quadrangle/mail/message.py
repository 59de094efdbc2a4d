"""A mail as it goes over the wire."""

import base64
import re
from datetime import datetime
from email.header import Header
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime

import msgspec

from quadrangle.kernel.mail import CalendarPart, Mail, MailRefused
from quadrangle.kernel.text import ascii_host, is_email

# Bodies are always encoded to ASCII, so that no server needs to offer 8BITMIME for them.
_POLICY = SMTP.clone(cte_type="7bit")
_HALF = re.compile("[\ud800-\udfff]")  # of a pair that stands for one character
_PLAIN_LENGTH = 60  # with the header's name, within the 78 a line should have
# The name may hold what the standard wants quoted, such as a comma: it is quoted when written.
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>|(?P<alone>[^<>]+)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_METHOD = re.compile("[A-Z]{1,20}")
_INVITATION = "invite.ics"


class Sender(msgspec.Struct, frozen=True):
    """Whom mails come from: a name to show (may be empty) and an address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def parse_sender(text: str) -> Sender:
    """Read `Name <address>` or an address alone. Raises ValueError."""
    found = _SENDER.fullmatch(text.strip())
    address = (found["address"] or found["alone"]) if found else ""
    if found is None or not is_email(address) or _CONTROL.search(text):
        raise ValueError("The sender of mails must be like Quadrangle <mail@campus.example>.")
    return Sender((found["name"] or "").strip().strip('"'), address)


class Envelope(msgspec.Struct, frozen=True):
    """A message and what the server is told of it. `utf8`: an address is not ASCII, which only
    servers with SMTPUTF8 take."""

    sender: str
    recipient: str
    message: bytes
    utf8: bool


def compose(mail_id: str, mail: Mail, sender: Sender, now: datetime) -> Envelope:
    """Write the message of a mail. The same id gives the same Message-ID.

    Raises MailRefused when an address or the subject cannot be a header, such as one with a line
    end in it.
    """
    if not is_email(mail.to):
        raise MailRefused("The recipient is not an e-mail address mail can be sent to.")
    if _CONTROL.search(mail.subject):
        raise MailRefused("The subject contains a line end or another control character.")
    if any(_HALF.search(text) for text in _texts(mail)):
        raise MailRefused("The mail contains half a character, which cannot be sent.")
    if mail.calendar is not None and not _METHOD.fullmatch(mail.calendar.method):
        raise MailRefused("The method of the calendar in this mail is none that calendars know.")
    to, sender = _reached(mail.to), Sender(sender.name, _reached(sender.address))
    utf8 = not (to.isascii() and sender.address.isascii())
    headers = {
        "From": _mailbox(sender),
        "To": to,
        "Subject": _text(mail.subject, "Subject"),
        "Date": format_datetime(now),
        "Message-ID": f"<{mail_id}@{sender.domain}>",
        "Auto-Submitted": "auto-generated",
        # Exchange answers automatic mail with out-of-office notes unless told not to.
        "X-Auto-Response-Suppress": "All",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return Envelope(sender.address, to, head.encode() + _content(mail).as_bytes(), utf8)


def _reached(address: str) -> str:
    """Return an address as servers take it: its host as DNS has it."""
    local, _, host = address.rpartition("@")
    return f"{local}@{ascii_host(host)}"


def _texts(mail: Mail) -> list[str]:
    calendar = [] if mail.calendar is None else [mail.calendar.content]
    return [mail.subject, mail.text, mail.html, *calendar]


def _content(mail: Mail) -> EmailMessage:
    content = EmailMessage(_POLICY)
    content.set_content(mail.text, charset="utf-8")
    content.add_alternative(mail.html, subtype="html", charset="utf-8")
    if mail.calendar is not None:
        _add_calendar(content, mail.calendar)
    return content


def _add_calendar(content: EmailMessage, calendar: CalendarPart) -> None:
    """Add the calendar twice, as the large calendar services do: as one more way to show the mail,
    which has the answer buttons shown, and as a file for programs that look at those only."""
    encoded = calendar.content.encode()
    part = Message()  # an EmailMessage would put quotes around the method, which not all take off
    part["Content-Type"] = f"text/calendar; method={calendar.method}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(encoded).decode())
    content.attach(part)  # type: ignore[arg-type] - any message can be a part
    content.add_attachment(encoded, maintype="application", subtype="ics", filename=_INVITATION)


# The headers are written here and not by EmailMessage, which reads encoded words in what it is
# given: of a subject with “=?utf-8?q?=0D=0ABcc:…?=” in it, it would make a header of its own
# (CVE-2024-6923, not closed in every Python we run on).


def _text(text: str, header: str) -> str:
    """Return a header's text in ASCII, in encoded words unless it is short and plain."""
    if text.isascii() and "=?" not in text and len(text) <= _PLAIN_LENGTH:
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def _mailbox(sender: Sender) -> str:
    if not sender.name:
        return sender.address
    if sender.name.isascii() and "=?" not in sender.name:
        quoted = sender.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{sender.address}>'
    return f"{_text(sender.name, 'From')} <{sender.address}>"
