"""A mail as DynamoDB keeps it, and what becomes of it. Pure: the outbox reads and writes.

A mail is two items, as a write costs by the size of the whole item. Its text is written once, and
packed: markup shrinks to a third. The small record, which names the text
by `content`, is what moves. In the record `revision` counts its
writes, `handed` tells whether the delivery has been queued, and `place` sorts mails by creation.

DynamoDB removes a text by itself, some time after the second in its EXPIRES. The record has that
as `textUntil`, by which readers go: from then on there is no text, removed or not. It must not have
that attribute itself, or it would be gone as well. Mails of before have neither, and keep theirs.
"""

import hashlib
import uuid
import zlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.aws.base.items import Values, struct_of
from quadrangle.aws.base.tables import EXPIRES
from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.kernel.text import storable
from quadrangle.mail.model import TEXT_KEPT_DAYS, MailState, OutboxEntry


def end_of_text(now: datetime) -> int:
    """Return the second, since 1970, from which on the text of a mail that is to be sent now is
    kept no more."""
    return int((now + timedelta(days=TEXT_KEPT_DAYS)).timestamp())


def content_of(mail: Mail, until: int) -> Values:
    """Return the item of a mail's text, kept `until` then. Its key follows from the text, so that
    writing it again changes nothing but that, and never the text of a record that is there."""
    part = mail.calendar
    calendar = [] if part is None else [part.method, storable(part.content)]
    body = msgspec.json.encode([storable(mail.text), storable(mail.html), *calendar])
    digest = hashlib.sha256(body).hexdigest()[:32]
    place = f"content#{mail_id_of(storable(mail.key))}#{digest}"
    return {"mailId": place, "body": zlib.compress(body), EXPIRES: until}


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
        "textUntil": content[EXPIRES],
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


def has_text(record: Values, now: datetime) -> bool:
    """Tell whether what the mail says is kept still."""
    if is_erased(record):
        return False
    until = record.get("textUntil")
    return until is None or now.timestamp() < until


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


def requeued(values: Values, now: datetime) -> Values | None:
    """Begin again, unless the mail waits already and its delivery has been queued, or there is no
    text to send."""
    waits = values["state"] == MailState.QUEUED and values["handed"]
    if waits or not has_text(values, now):
        return None
    cleared = dict.fromkeys(("lastError", "sentAt", "nextAttemptAt"))
    begun = {**values, **cleared, "state": MailState.QUEUED, "attempts": 0, "handed": False}
    return begun if "content" not in values else {**begun, "textUntil": end_of_text(now)}


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
    personal = ("content", "textUntil", "text", "html", "lastError")
    left = {name: value for name, value in values.items() if name not in personal}
    return {**left, "key": "", "to": "", "subject": ""}


def failed(values: Values, error: str, state: MailState, next_at: str | None) -> Values | None:
    """Note a failed attempt of a queued mail, which leaves it in `state`."""
    attempts = values["attempts"] + 1
    return _from_queue(
        values, state=state, attempts=attempts, lastError=storable(error), nextAttemptAt=next_at
    )


def over(values: Values, reason: str) -> Values | None:
    """Leave a queued mail out, as it is of no use any more."""
    changed = {"lastError": storable(reason), "nextAttemptAt": None}
    return _from_queue(values, state=MailState.OVER, **changed)


def kept(values: Values) -> Values | None:
    """Keep a queued mail, and its text for good, until someone has it resent."""
    return _from_queue(values, state=MailState.KEPT, nextAttemptAt=None, textUntil=None)


def _from_queue(values: Values, **changed: Any) -> Values | None:
    """Return a queued mail with what changed; of any other state it stays as it is."""
    if values["state"] != MailState.QUEUED:
        return None
    return {**values, **changed, "handed": True}
