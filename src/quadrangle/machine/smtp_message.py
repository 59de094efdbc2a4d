"""A mail as it goes over the wire."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

import msgspec

from quadrangle.kernel.mail import Mail, MailRefused
from quadrangle.kernel.text import is_email

# Bodies are always encoded to ASCII, so that no server needs to offer 8BITMIME for them.
_POLICY = SMTP.clone(cte_type="7bit")
_POLICY_UTF8 = _POLICY.clone(utf8=True)
# The name may hold what the standard wants quoted, such as a comma: it is quoted when written.
_SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>|(?P<alone>[^<>]+)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


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
    utf8 = not (mail.to.isascii() and sender.address.isascii())
    policy = _POLICY_UTF8 if utf8 else _POLICY
    try:
        message = _message(mail_id, mail, sender, now, policy).as_bytes()
    except UnicodeError as error:
        raise MailRefused("The mail contains characters that cannot be sent.") from error
    return Envelope(sender.address, mail.to, message, utf8)


def _message(
    mail_id: str, mail: Mail, sender: Sender, now: datetime, policy: "EmailPolicy[EmailMessage]"
) -> EmailMessage:
    message = EmailMessage(policy)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{mail_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    # Exchange answers automatic mail with out-of-office notes unless told not to.
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, charset="utf-8")
    message.add_alternative(mail.html, subtype="html", charset="utf-8")
    return message
