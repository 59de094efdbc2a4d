"""The outbox on DynamoDB: a mail is written, then its delivery is queued.

The two cannot be one transaction. So a mail is marked once its message is in the queue, and one
without that mark is queued again by whoever meets it: the reaction that is repeated after a crash,
or the person who has it resent. The mark alone touches no count, so it needs no transaction, which
would cost twice as much. Neither does the text, which is there before the record that names it.

How many mails there are of each state stands in counters beside them, moved in the transactions
that move mails. They are spread over some items, as transactions that touch one item take turns.
"""

import contextlib
import heapq
import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec

from quadrangle.aws.base.dynamo import (
    ConditionFailed,
    Dynamo,
    Operation,
    Query,
    Share,
    add,
    assign,
    delete,
    put,
    unset,
)
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.mail.records import (
    content_of,
    end_of_text,
    entry,
    failed,
    forgotten,
    has_text,
    is_erased,
    kept,
    mail_of,
    new_record,
    over,
    requeued,
    sent,
    settled,
)
from quadrangle.aws.mail.tables import MAILS, MAILS_BY_STATE
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.kernel.jobs import Jobs, NewJob
from quadrangle.kernel.mail import Mail
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.kernel.text import storable
from quadrangle.mail.model import DELIVER, MailState, OutboxEntry, OutboxMail
from quadrangle.mail.ports import ERASED, NO_TEXT
from quadrangle.mail.search import MailSearch

ATTEMPTS = 6  # to move a mail that others move at the same time
WHOLE_SHARE = Share()
COUNTERS = 16  # items the counts are spread over
SEARCHED_AT_ONCE = 1_000  # mails that one call looks through

# The cursor of a page: the place of the last mail shown.
_Position = tuple[Annotated[str, msgspec.Meta(max_length=100)]]
# What becomes of a mail's attributes; None leaves it as it is.
Move = Callable[[Values], Values | None]


class DynamoOutbox:
    """Implements kernel.mail.MailQueue and mail.ports.Outbox.

    A mail's id follows from its key, so a key is there once. Calls block, like those of
    DynamoIssueStore. Lists and counts may be some moments behind.

    DynamoDB finds no words within a text: a search reads the lines of mails page by page, newest
    first, up to a bound with each call, and tells where to go on.
    """

    searched_at_once = SEARCHED_AT_ONCE

    def __init__(
        self,
        dynamo: Dynamo,
        tables: Tables,
        jobs: Jobs,
        clock: Clock,
        share: Share = WHOLE_SHARE,
    ) -> None:
        self._share = share
        self._dynamo = dynamo
        self._table = tables.of(MAILS)
        self._jobs = jobs
        self._clock = clock
        self._numbers = itertools.count()

    async def enqueue(self, *new: Mail) -> None:
        """Save the mails whose key is new, each with its job.

        Raises Unavailable; then some may be saved, and the same call again does the rest.
        """
        waiting: dict[str, Values] = {}
        for mail in new:
            values = self._put_if_absent(mail)
            if values["state"] == MailState.QUEUED and not values["handed"]:
                waiting[values["mailId"]] = values
        await self._hand_over(waiting.values())

    async def forget(self, to: str, behind: str | None = None) -> str | None:
        """Erase mails to an address, those that wait once they are over; return where to go on.

        It reads the whole table, a share with each call: an index would cost with every mail, for
        what happens seldom. Raises Unavailable.
        """
        wanted = storable(to).lower()
        start = None if behind is None else {"mailId": behind}
        read = self._dynamo.scan_share(
            self._table,
            "#to > :empty",
            self._share,
            behind=start,
            only=lambda values: values["to"].lower() == wanted,
            empty="",
        )
        for values in read.items:
            self._move(values["mailId"], forgotten)
        return None if read.last is None else read.last["mailId"]

    async def get(self, mail_id: str) -> OutboxMail | None:
        values = self._dynamo.get(self._table, {"mailId": mail_id})
        if values is None:
            return None
        kept_still = has_text(values, self._clock.now())
        content = self._content(values) if kept_still else {"text": "", "html": ""}
        return OutboxMail(entry(values), mail_of(values, content), kept_still)

    async def page(
        self,
        state: MailState | None,
        limit: int,
        cursor: str | None,
        search: MailSearch | None = None,
    ) -> Page[OutboxEntry]:
        before = None if cursor is None else decode_cursor(cursor, _Position)[0]
        states = list(MailState) if state is None else [state]
        read = limit if search is None else self.searched_at_once
        walks = [self._walk(each, read + 1, before) for each in states]
        merged = heapq.merge(*walks, key=lambda values: values["place"], reverse=True)
        # a mail that moves between two walks is met in both: it is listed once
        once = {values["place"]: values for values in itertools.islice(merged, read * 2 + 2)}
        found = list(once.values())
        fitting = [
            values for values in found[:read] if search is None or search.fits(entry(values))
        ]
        last = None
        if len(fitting) > limit:
            last = fitting[limit - 1]
        elif len(found) > read:
            last = found[read - 1]
        items = [entry(values) for values in fitting[:limit]]
        return Page(items, None if last is None else encode_cursor((last["place"],)))

    async def counts(self) -> dict[MailState, int]:
        keys = [_counter(number) for number in range(COUNTERS)]
        found = self._dynamo.get_many(self._table, keys)
        return {state: sum(each.get(state, 0) for each in found) for state in MailState}

    async def requeue(self, mail_id: str, now: datetime) -> OutboxEntry:
        values = self._move(mail_id, lambda found: requeued(found, now))
        if values is None:
            found = self._dynamo.get(self._table, {"mailId": mail_id})
            if found is None:
                raise NotFound("Mail not found")
            if is_erased(found):
                raise Conflict(ERASED)
            if not has_text(found, now):
                raise Conflict(NO_TEXT)
            raise Conflict("This mail is already waiting to be sent.")
        await self._hand_over([values])
        return entry(values)

    async def mark_sent(self, mail_id: str, now: datetime) -> None:
        self._move(mail_id, lambda values: sent(values, to_text(now)))

    async def mark_kept(self, mail_id: str) -> None:
        self._move(mail_id, kept)

    async def mark_delayed(self, mail_id: str, error: str, next_attempt_at: datetime) -> None:
        at = to_text(next_attempt_at)
        self._move(mail_id, lambda v: failed(v, error, MailState.QUEUED, at))

    async def mark_over(self, mail_id: str, reason: str) -> None:
        self._move(mail_id, lambda values: over(values, reason))

    async def mark_failed(self, mail_id: str, error: str) -> None:
        self._move(mail_id, lambda v: failed(v, error, MailState.FAILED, None))

    def _content(self, record: Values) -> Values:
        if "content" not in record:  # of an installation before 0008: it has its text itself
            return record
        found = self._dynamo.get(self._table, {"mailId": record["content"]})
        if found is None:  # it was there before its record, and its time is not over
            raise Unavailable("The text of this mail is missing in the table of mails.")
        return found

    # -- putting in ---------------------------------------------------------------------------

    def _put_if_absent(self, mail: Mail) -> Values:
        """Return the record of that key as it stands, written now if it was not there."""
        now = self._clock.now()
        content = content_of(mail, end_of_text(now))
        # one that is there lives on, but never shorter: what waits for a server is kept for good
        absent = f"attribute_not_exists(#mailId) OR #{EXPIRES} < :until"
        with contextlib.suppress(ConditionFailed):
            self._dynamo.write(put(self._table, content, absent, until=content[EXPIRES]))
        values = new_record(mail, content, to_text(now), next(self._numbers))
        absent = put(self._table, values, "attribute_not_exists(#mailId)")
        try:
            self._dynamo.transact(absent, *self._counted(None, values))
        except ConditionFailed:
            found = self._dynamo.get(self._table, {"mailId": values["mailId"]})
            if found is None:
                raise Unavailable() from None
            return found
        return values

    async def _hand_over(self, mails: Iterable[Values]) -> None:
        """Queue deliveries and mark the mails. Raises Unavailable."""
        mails = list(mails)
        await self._jobs.put(*(NewJob(DELIVER, {"mailId": each["mailId"]}) for each in mails))
        for values in mails:
            marked = {**values, "handed": True}
            # where that fails, its delivery has moved it on already, and so marked it
            with contextlib.suppress(ConditionFailed):
                self._dynamo.write(self._replaced(values, marked))

    # -- moving on ----------------------------------------------------------------------------

    def _move(self, mail_id: str, move: Move) -> Values | None:
        """Change a mail and the counts at once; None when there is nothing to change."""
        for _ in range(ATTEMPTS):
            before = self._dynamo.get(self._table, {"mailId": mail_id})
            after = None if before is None else move(before)
            if before is None or after is None:
                return None
            after = settled(after)
            writes = [self._replaced(before, after), *self._counted(before, after)]
            writes += self._text_moves(before, after)
            try:
                self._dynamo.transact(*writes)
            except ConditionFailed:
                continue
            return {**after, "revision": before["revision"] + 1}
        raise Unavailable()

    def _replaced(self, before: Values, after: Values) -> dict[str, Any]:
        revision = before["revision"]
        written = {**after, "revision": revision + 1}
        return put(self._table, written, "#revision = :before", before=revision)

    def _text_moves(self, before: Values, after: Values) -> list[Operation]:
        """Return what becomes of the item of a mail's text as its record moves."""
        if "content" not in before:
            return []
        key, until = {"mailId": before["content"]}, after.get("textUntil")
        if "content" not in after:
            return [delete(self._table, key)]
        if before.get("textUntil") == until:
            return []
        there = "attribute_exists(#mailId)"
        if until is None:
            return [unset(self._table, key, EXPIRES, there)]
        return [assign(self._table, key, {EXPIRES: until}, there)]

    def _counted(self, before: Values | None, after: Values) -> Sequence[dict[str, Any]]:
        old = None if before is None else before["state"]
        new = after["state"]
        if old == new:
            return ()
        amounts = {str(new): 1} if old is None else {str(old): -1, str(new): 1}
        number = int(uuid.UUID(after["mailId"])) % COUNTERS
        return (add(self._table, _counter(number), amounts),)

    def _walk(self, state: MailState, limit: int, before: str | None) -> list[Values]:
        condition = "#state = :state"
        values: Values = {"state": state}
        if before is not None:
            condition += " AND #place < :before"
            values["before"] = before
        query = Query(
            self._table, condition, values, MAILS_BY_STATE, newest_first=True, page_size=limit
        )
        return list(itertools.islice(self._dynamo.query(query), limit))


def _counter(number: int) -> Values:
    # no mail has this id, nor is it in the index
    return {"mailId": f"counts#{number:02}"}
