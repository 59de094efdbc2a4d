"""What staff sees of meetings and their desktops. Instants are texts in UTC."""

import msgspec

from quadrangle.meetings.model import Desktop, Meeting, MeetingRole


class Price(msgspec.Struct, frozen=True):
    """What an hour of one desktop costs; `currency` is a code of ISO 4217."""

    amount: float
    currency: str


class Reaped(msgspec.Struct, frozen=True):
    """A machine that was nobody's and was ended; `meeting_id` and `role` are those of its tags."""

    machine_id: str
    meeting_id: str
    role: MeetingRole
    at: str


class DesktopUse(msgspec.Struct, frozen=True):
    """A desktop, and how many hours it has run for so far; 0 for one that was never launched."""

    desktop: Desktop
    hours: float


class MeetingUse(msgspec.Struct, frozen=True):
    """A meeting with its desktops; `stuck` says in sentences what keeps it from going on."""

    meeting: Meeting
    desktops: tuple[DesktopUse, ...]
    stuck: tuple[str, ...]

    @property
    def hours(self) -> float:
        return sum(each.hours for each in self.desktops)


class Span(msgspec.Struct, frozen=True):
    """What desktops were used for by the meetings that began in some days."""

    days: int
    meetings: int
    hours: float


class Overview(msgspec.Struct, frozen=True):
    """How it stands now: `active` are the meetings with something running or to be launched.

    `most` is how many desktops fit at once, and `why` what bounds it.
    """

    at: str
    most: int
    why: str
    active: tuple[MeetingUse, ...]
    reaped: tuple[Reaped, ...]
    lately: Span

    @property
    def machines(self) -> int:
        """How many desktops run, or are ending: not those that there was no room for yet."""
        desktops = (use.desktop for each in self.active for use in each.desktops)
        return sum(1 for each in desktops if each.machine_id and not each.is_settled)
