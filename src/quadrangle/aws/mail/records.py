"""A mail as DynamoDB keeps it, and what becomes of it. Pure: the outbox reads and writes.

A mail is two items, as a write costs by the size of the whole item. Its text is written once, and
packed: markup shrinks to a third, which is stored for years. The small record, which names the text
by `content`, is what moves. In the record `revision` counts its
writes, `handed` tells whether the delivery has been queued, and `place` sorts mails by creation.
"""

import hashlib
import uuid
import zlib
from typing import Any

import msgspec

from quadrangle.aws.base.items import Values, struct_of
from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.kernel.text import storable
from quadrangle.mail.model import MailState, OutboxEntry


def content_of(mail: Mail) -> Values:
    """Return the item of a mail's text. Its key follows from the text, so that writing it again
    changes nothing, and never the text of a record that is there."""
    part = mail.calendar
    calendar = [] if part is None else [part.method, storable(part.content)]
    body = msgspec.json.encode([storable(mail.text), storable(mail.html), *calendar])
    digest = hashlib.sha256(body).hexdigest()[:32]
    place = f"content#{mail_id_of(storable(mail.key))}#{digest}"
    return {"mailId": place, "body": zlib.compress(body)}


def new_record(mail: Mail, content: Values, now: str, number: int) -> Values:
    """Return the record of a mail that is queued `now`, the `number`th its container writes: so
    mails of one instant are in the order they were written."""
    key, to, subject = map(storable, (mail.key, mail.to, mail.subject))
    mail_id = mail_id_of(key)
    return {
        "mailId": mail_id,
        "key": key,
        "to": to,
        "subject": subject,
        "content": content["mailId"],
        "private": mail.private,
        "state": MailState.QUEUED,
        "attempts": 0,
        "createdAt": now,
        "place": f"{now}#{number:010}#{mail_id}",
        "revision": 1,
        "handed": False,
    }


def mail_id_of(key: str) -> str:
    """Return the id of the mail with that key, in the form of all ids."""
    digest = hashlib.sha256(key.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))


def is_erased(record: Values) -> bool:
    return not record["to"]


def mail_of(record: Values, content: Values) -> Mail:
    """Return the mail that its two items hold."""
    text, html, *calendar = _texts(content)
    head = (record["key"], record["to"], record["subject"])
    part = CalendarPart(*calendar) if calendar else None
    return Mail(*head, text, html, private=record.get("private", False), calendar=part)


def _texts(content: Values) -> list[str]:
    """Return text, HTML and, in a mail that has an invitation, its method and content."""
    if "body" not in content:  # an old record, which has its text in itself
        return [content["text"], content["html"]]
    return msgspec.json.decode(zlib.decompress(content["body"]), type=list[str])


def entry(values: Values) -> OutboxEntry:
    """Return what lists show of a mail."""
    return struct_of(OutboxEntry, values)


# Each move returns the record as it shall be, None when it is to stay as it is. What moves a mail
# on proves that its delivery had been queued; only a requeue begins anew.


def requeued(values: Values) -> Values | None:
    """Begin again, unless the mail waits already and its delivery has been queued."""
    if is_erased(values) or (values["state"] == MailState.QUEUED and values["handed"]):
        return None
    cleared = dict.fromkeys(("lastError", "sentAt", "nextAttemptAt"))
    return {**values, **cleared, "state": MailState.QUEUED, "attempts": 0, "handed": False}


def sent(values: Values, at: str) -> Values | None:
    """Note a delivery, whatever the state: also one by the late loser of a race."""
    if values["state"] == MailState.SENT:
        return None
    cleared = dict.fromkeys(("lastError", "nextAttemptAt"))
    noted = {"attempts": values["attempts"] + 1, "sentAt": at, "handed": True}
    return {**values, **cleared, **noted, "state": MailState.SENT}


def forgotten(values: Values) -> Values | None:
    """Have a mail erased; unless it waits, that is now (see `settled`)."""
    return None if is_erased(values) else {**values, "forgotten": True}


def settled(values: Values) -> Values:
    """Return a record as it is kept: without person and text where it was forgotten and no longer
    waits. Keys may name the address, and so may errors, as servers repeat it."""
    if not values.get("forgotten") or values["state"] == MailState.QUEUED:
        return values
    personal = ("content", "text", "html", "lastError")
    left = {name: value for name, value in values.items() if name not in personal}
    return {**left, "key": "", "to": "", "subject": ""}


def failed(values: Values, error: str, state: MailState, next_at: str | None) -> Values | None:
    """Note a failed attempt of a queued mail, which leaves it in `state`."""
    attempts = values["attempts"] + 1
    return _from_queue(
        values, state=state, attempts=attempts, lastError=storable(error), nextAttemptAt=next_at
    )


def kept(values: Values) -> Values | None:
    """Keep a queued mail until someone has it resent."""
    return _from_queue(values, state=MailState.KEPT, nextAttemptAt=None)


def _from_queue(values: Values, **changed: Any) -> Values | None:
    """Return a queued mail with what changed; of any other state it stays as it is."""
    if values["state"] != MailState.QUEUED:
        return None
    return {**values, **changed, "handed": True}
