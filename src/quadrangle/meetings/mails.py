"""The mails of the meeting service, written from a meeting and what happened to it.

All that go to the two people are private: each holds the link that joins as its reader, or tells
what is nobody else's business. A key names the meeting, its sequence and the reader, so that of one
time of a meeting each reader gets one mail.
"""

from typing import Any

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.letters.templates import templates_of
from quadrangle.letters.texts import unlinked
from quadrangle.meetings.calendar import invitations
from quadrangle.meetings.calendar.model import Invited, Organizer
from quadrangle.meetings.calendar.texts import name_of
from quadrangle.meetings.life_rules import words_of_staff
from quadrangle.meetings.mail_texts import has_agreed, side_of, subject, when
from quadrangle.meetings.model import Meeting, MeetingRole, other_side


class Reader(msgspec.Struct, frozen=True):
    """One side of a meeting with an address. `link` joins as them."""

    role: MeetingRole
    address: str
    link: str


class Pages(msgspec.Struct, frozen=True):
    """Where the pages of meetings are, for who signs in; `public_url` is without a path."""

    public_url: str

    def all(self) -> str:
        return f"{self.public_url.rstrip('/')}/meet"

    def meeting(self, meeting_id: str) -> str:
        return f"{self.all()}?id={meeting_id}"


class MeetingMails:
    """Writes mails. `organizer` is whom invitations come from."""

    def __init__(self, organizer: Organizer, pages: Pages) -> None:
        self._organizer = organizer
        self._pages = pages

    def invitation(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Tell one side of a new meeting."""
        calendar = self._invitation(meeting, reader, change)
        return _mail("invitation", "Invitation", meeting, reader, change, calendar)

    def moved(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Tell one side that it is at another time than `change.data["old"]`."""
        calendar = self._invitation(meeting, reader, change)
        old = when(meeting, change.data["old"])
        return _mail("moved", "Moved", meeting, reader, change, calendar, old=old)

    def cancelled(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Tell one side that it was called off, and why where staff said so."""
        invited = Invited(reader.role, reader.address)
        calendar = invitations.cancellation(meeting, invited, self._organizer, change.at)
        values = {"why": unlinked(words_of_staff(meeting) or ""), "link": ""}
        return _mail("cancelled", "Cancelled", meeting, reader, change, calendar, **values)

    def links_renewed(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Give one side the link that took the place of the one they had."""
        key = f"link-{meeting.link_generation}"
        return _mail("links_renewed", "New link", meeting, reader, change, key=key)

    def failed(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Tell one side that no desktop could be made."""
        return _mail("failed", "Could not take place", meeting, reader, change, link="")

    def expired(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Tell one side that it is over and nobody joined, by the reason in the change."""
        reason = change.data.get("reason") or ""
        values = {"reason": reason, "link": ""}
        return _mail("expired", "Did not take place", meeting, reader, change, **values)

    def take_home(self, meeting: Meeting, reader: Reader, change: Change) -> Mail:
        """Tell one side that the files of a desktop are ready to be fetched."""
        link, key = self._pages.meeting(meeting.meeting_id), f"take-home-{change.seq}"
        return _mail("take_home", "Your files", meeting, reader, change, key=key, link=link)

    def reminder(self, meeting: Meeting, reader: Reader, minutes: int) -> Mail:
        """Remind one side, so many minutes before the meeting begins."""
        return _written("reminder", "Reminder", meeting, reader, key=f"reminder-{minutes}")

    def failed_for_staff(self, meeting: Meeting, change: Change, to: str) -> Mail:
        """Tell staff of a meeting that failed, and why."""
        context = {
            "teacher": unlinked(name_of(meeting, MeetingRole.TEACHER)),
            "student": unlinked(name_of(meeting, MeetingRole.STUDENT)),
            "when": when(meeting),
            "reason": change.data.get("reason") or "",
            "link": self._pages.meeting(meeting.meeting_id),
        }
        text, html = _rendered("failed_staff", context)
        sentence = f"A meeting could not take place [{meeting.meeting_id[:8]}]"
        return Mail(_key("failed-staff", meeting, to), to, sentence, text, html)

    def _invitation(self, meeting: Meeting, reader: Reader, change: Change) -> CalendarPart:
        agreed = has_agreed(meeting, reader.role, change)
        invited = Invited(reader.role, reader.address, reader.link, agreed)
        return invitations.invitation(meeting, invited, self._organizer, change.at)


def _mail(
    occasion: str,
    what: str,
    meeting: Meeting,
    reader: Reader,
    change: Change,
    calendar: CalendarPart | None = None,
    **values: Any,
) -> Mail:
    # who did it is told where it was one of the two
    actor = side_of(meeting, change.actor_id)
    by = "" if actor is None else "you" if actor is reader.role else "other"
    return _written(occasion, what, meeting, reader, calendar, by=by, **values)


def _written(
    occasion: str,
    what: str,
    meeting: Meeting,
    reader: Reader,
    calendar: CalendarPart | None = None,
    *,
    key: str = "",
    **values: Any,
) -> Mail:
    context = {
        "name": unlinked(name_of(meeting, reader.role)),
        "other": unlinked(name_of(meeting, other_side(reader.role))),
        "role": reader.role.value,
        "when": when(meeting),
        "workspace": meeting.workspace.value,
        "link": reader.link,
        **values,
    }
    text, html = _rendered(occasion, context)
    return Mail(
        key=_key(key or occasion, meeting, reader.address),
        to=reader.address,
        subject=subject(what, meeting, reader.role),
        text=text,
        html=html,
        private=True,
        calendar=calendar,
    )


def _rendered(name: str, context: dict[str, Any]) -> tuple[str, str]:
    templates = templates_of("quadrangle.meetings")
    text, html = (templates.get_template(f"{name}.{kind}") for kind in ("txt", "html"))
    return text.render(context), html.render(context)


def _key(occasion: str, meeting: Meeting, address: str) -> str:
    return f"meeting-{occasion}:{meeting.meeting_id}:{meeting.sequence}:{address}"
