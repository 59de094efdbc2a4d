"""What an installation has decided about its meetings."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from quadrangle.meetings.model import Workspace

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


class MeetingPolicy(msgspec.Struct, frozen=True):
    """Every time and number that decides about a meeting's life.

    Before: `lead` is how long before its beginning a desktop is launched, `leads` the same for
    workspaces that take another time; one that has not been launched `grace` after it never is.
    After: `safety_net` ends what nobody joined, and a desktop whose person has not come;
    `all_left` is how long everyone may be away.

    Desktops: `boot_clock` bounds from the launch to the machine running, `health_clock` from then
    to the desktop answering, `drain_clock` how long a machine waits for its name to be taken off.
    A desktop is checked every `check_every` and lost after `failed_checks` in a row. `attempts`
    bounds the launches of one generation, each after a pause of one more `room_pause`, and
    `generations` those that fail in a row. `poll` is how soon a desktop on its way is looked at
    again, `away_pause` how soon after a part could not be asked.

    A teacher changes a meeting `changes_per_hour` times at most, as each is a mail, and
    `hurried_moves` bounds the moves to a time whose desktops are launched at once. A student has
    `most_booked` coming hours at most.

    `typical_launch` is told to those who wait as long as no launch was seen. A machine is reaped
    when it has been nobody's for `reap_after`.
    """

    lead: timedelta = 10 * _MINUTE
    leads: Mapping[Workspace, timedelta] = {}
    grace: timedelta = 15 * _MINUTE
    safety_net: timedelta = 15 * _MINUTE
    all_left: timedelta = 10 * _MINUTE
    shortest_minutes: int = 5
    longest_minutes: int = 240
    max_extension_minutes: int = 60
    furthest_past: timedelta = timedelta(hours=24)
    furthest_ahead: timedelta = timedelta(days=731)
    boot_clock: timedelta = 5 * _MINUTE
    health_clock: timedelta = 5 * _MINUTE
    drain_clock: timedelta = 2 * _MINUTE
    check_every: timedelta = 20 * _SECOND
    failed_checks: int = 3
    attempts: int = 8
    room_pause: timedelta = 5 * _SECOND
    generations: int = 3
    poll: timedelta = 2 * _SECOND
    away_pause: timedelta = 10 * _SECOND
    typical_launch: timedelta = 30 * _SECOND
    reap_after: timedelta = 30 * _SECOND
    ticket_life: timedelta = 60 * _SECOND
    reload_gap: timedelta = 30 * _SECOND
    silent_after: timedelta = 90 * _SECOND
    changes_per_hour: int = 10
    hurried_moves: int = 3
    most_booked: int = 20

    def lead_of(self, workspace: Workspace) -> timedelta:
        """Return how long before the beginning a workspace of that kind is launched."""
        return self.leads.get(workspace, self.lead)


class MeetingAddresses(msgspec.Struct, frozen=True):
    """Where meetings are met.

    `public_url` is the platform's own, without a path. `origins` are further ones that links may
    lead to, such as `https://lessons.campus.example`. Rooms are at `jitsi_domain`, or are the
    platform's own.
    """

    public_url: str
    origins: tuple[str, ...] = ()
    jitsi_domain: str = ""

    def room(self, meeting_id: str) -> str:
        """Return the address of a meeting's video room."""
        if self.jitsi_domain:
            return f"https://{self.jitsi_domain}/{meeting_id}"
        return f"{self.public_url.rstrip('/')}/room?id={meeting_id}"


class MeetingRights(msgspec.Struct, frozen=True):
    """Who may do what beyond their own meetings.

    `anyone_schedules` lets everyone schedule. With `open_links` the id alone opens either role, as
    the source's own pages need it; whoever knows an id is then both teacher and student.
    """

    anyone_schedules: bool = False
    open_links: bool = False
