"""A person's meetings at a secret address, for calendars that read it by themselves."""

import asyncio
import hashlib
import secrets
from datetime import timedelta

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import NotFound, NotSignedIn
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.calendar import published
from quadrangle.meetings.calendar.model import CalendarEntry, Feed, Organizer
from quadrangle.meetings.calendar.ports import FeedStore
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, People

TOKEN_BYTES = 32
LONGEST_TOKEN = 64  # characters; ours have 43
BACK = timedelta(days=90)
AHEAD = timedelta(days=366)
MOST = 1_000  # meetings in a feed
_PAGE = 200
_GONE = "There is no calendar at this address (any more)."


class Feeds:
    """Makes, renews and reads feeds. Raises NotSignedIn, Unavailable.

    Nothing in a feed opens a meeting: calendars are read by servers of others, so that it leads to
    the page of meetings, where its person signs in. `page` is the address of that.
    """

    def __init__(
        self,
        store: FeedStore,
        meetings: MeetingStore,
        people: People,
        organizer: Organizer,
        page: str,
        clock: Clock,
    ) -> None:
        self._store = store
        self._meetings = meetings
        self._people = people
        self._organizer = organizer
        self._page = page
        self._clock = clock

    async def own(self, actor: Principal) -> Feed | None:
        """Return the feed of whoever asks; its address is not known any more."""
        return await self._store.get(_account(actor))

    async def renew(self, actor: Principal) -> str:
        """Make a feed and return its token, told this once; an earlier one ends."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        feed = Feed(_account(actor), _hash(token), to_text(self._clock.now()))
        await self._store.put(feed, [_fact("meeting-feed.renewed", feed.created_at, actor)])
        return token

    async def end(self, actor: Principal) -> None:
        """Have the feed of whoever asks lead nowhere. Raises NotFound."""
        change = _fact("meeting-feed.ended", to_text(self._clock.now()), actor)
        if not await self._store.remove(_account(actor), [change]):
            raise NotFound("You have no calendar address.")

    async def read(self, token: str) -> str:
        """Return the calendar that a token opens, as iCalendar text.

        Raises NotFound, also once its person's account is closed.
        """
        known = len(token) <= LONGEST_TOKEN and token.isascii()
        feed = await self._store.by_hash(_hash(token)) if known else None
        if feed is None or await self._people.email_of(feed.account_id) is None:
            raise NotFound(_GONE)
        entries = [self._entry(each, feed) for each in await self._of(feed.account_id)]
        # a thousand events take seconds to make: others have their turn meanwhile
        return await asyncio.to_thread(published.feed_of, entries, self._organizer)

    def _entry(self, meeting: Meeting, feed: Feed) -> CalendarEntry:
        teaches = meeting.teacher_id == feed.account_id
        role = MeetingRole.TEACHER if teaches else MeetingRole.STUDENT
        return CalendarEntry(meeting, role, self._page)

    async def _of(self, account_id: str) -> list[Meeting]:
        """Return the meetings of a person, in order: where they are too many, those to come
        before those that were, each from now on."""
        today = self._clock.now()
        coming = MeetingQuery(account_id, first=to_text(today), last=to_text(today + AHEAD))
        past = MeetingQuery(
            account_id, first=to_text(today - BACK), last=to_text(today), newest_first=True
        )
        found = (await self._found(coming, MOST))[:MOST]
        was = (await self._found(past, MOST - len(found)))[: MOST - len(found)]
        return [*reversed(was), *found]

    async def _found(self, query: MeetingQuery, most: int) -> list[Meeting]:
        found: list[Meeting] = []
        cursor = None
        while len(found) < most:
            page = await self._meetings.page(query, _PAGE, cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        return found


def _account(actor: Principal) -> str:
    if actor.account_id is None:
        raise NotSignedIn()
    return actor.account_id


def _hash(token: str) -> str:
    # 256 random bits cannot be guessed: a slow hash would protect nothing more
    return hashlib.sha256(token.encode()).hexdigest()


def _fact(kind: str, at: str, actor: Principal) -> Change:
    subject = _account(actor)
    return Change(kind, subject, {}, actor.name, at, actor.account_id, actor.origin)
