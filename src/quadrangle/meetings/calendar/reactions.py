"""What happens in mailboxes and calendars when a meeting changed, and when an account closed.

Each may be called again for the same change: a mail's key names the meeting, its sequence and the
reader. A change that was overtaken by the next is left to that one, so that nobody is sent a time
that no longer holds.
"""

from collections.abc import Callable

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.mail import Mail, MailQueue
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.calendar.ports import FeedStore, JoinLinks
from quadrangle.meetings.mail_texts import account_of
from quadrangle.meetings.mails import MeetingMails, Reader
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.take_home.rules import FILES_READY

_Write = Callable[[Meeting, Reader, Change], Mail]


class CalendarReactions:
    """Tells both people of a meeting what became of it, and staff what failed.

    `staff_address` is where alerts go; without one there are none.
    """

    def __init__(
        self,
        meetings: MeetingStore,
        people: People,
        links: JoinLinks,
        mails: MeetingMails,
        queue: MailQueue,
        hours: HoursStore,
        feeds: FeedStore,
        staff_address: str,
    ) -> None:
        self._meetings = meetings
        self._people = people
        self._links = links
        self._mails = mails
        self._queue = queue
        self._hours = hours
        self._feeds = feeds
        self._staff_address = staff_address
        self._writers: dict[str, _Write] = {
            "meeting.scheduled": mails.invitation,
            "meeting.moved": mails.moved,
            "meeting.cancelled": mails.cancelled,
            "meeting.links-renewed": mails.links_renewed,
            "meeting.failed": mails.failed,
            "meeting.expired": mails.expired,
            FILES_READY: mails.take_home,
        }

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            Reaction("meetings.mail", frozenset(self._writers), self.write_mails),
            Reaction("meetings.forget-hours", frozenset({"account.closed"}), self.forget_member),
        ]

    async def write_mails(self, change: Change) -> None:
        """Write to both people, as far as they have accounts with an address."""
        meeting = await self._meetings.get(change.subject)
        if meeting is None or _is_overtaken(meeting, change):
            return
        write = self._writers[change.kind]
        readers = await readers_of(meeting, self._people, self._links)
        # who has nothing to fetch is told of nothing
        to = change.data.get("roles", list(MeetingRole))
        readers = [each for each in readers if each.role in to]
        written = [write(meeting, reader, change) for reader in readers]
        if change.kind == "meeting.failed" and self._staff_address:
            written.append(self._mails.failed_for_staff(meeting, change, self._staff_address))
        await self._queue.enqueue(*written)

    async def forget_member(self, change: Change) -> None:
        """Take the hours of a closed account from the list, and its calendar from the web."""
        await self._hours.forget(change.subject)
        await self._feeds.remove(change.subject, [])


async def readers_of(meeting: Meeting, people: People, links: JoinLinks) -> list[Reader]:
    """Return the sides of a meeting that mails can reach."""
    found = []
    for role in MeetingRole:
        account_id = account_of(meeting, role)
        address = await people.email_of(account_id) if account_id else None
        if address:
            found.append(Reader(role, address, links.link(meeting, role)))
    return found


def _is_overtaken(meeting: Meeting, change: Change) -> bool:
    """Tell whether what a change says of a meeting's time no longer holds."""
    if change.kind in ("meeting.scheduled", "meeting.moved", "meeting.links-renewed"):
        return meeting.is_over or change.data.get("sequence", meeting.sequence) != meeting.sequence
    return False
