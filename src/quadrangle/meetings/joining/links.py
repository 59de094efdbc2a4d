"""The two links of a meeting. Each opens one side, whoever holds it.

A key is bound to meeting, role and link generation: nobody becomes the teacher by editing an
address, and renewing the links ends those there were. That of somebody's account opens nothing for
others who are signed in, nor while that account is not open.
"""

import msgspec

from quadrangle.kernel.errors import Forbidden, Gone, InvalidInput
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.joining import acting_rules
from quadrangle.meetings.joining.acting_rules import account_of
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingRights
from quadrangle.meetings.ports import LinkKeys, MeetingStore, People
from quadrangle.meetings.scheduling.address_rules import with_query

LONGEST_KEY = 128  # characters; ours have 43
INVALID = "Invalid meeting ID or role."
RENEWED = "This link was replaced by a newer one. Please ask for it."


class MeetingLinks(msgspec.Struct, frozen=True):
    """What both are sent."""

    teacher_link: str
    student_link: str


class Links:
    """Makes links and tells whose a key is."""

    def __init__(
        self, store: MeetingStore, keys: LinkKeys, rights: MeetingRights, people: People
    ) -> None:
        self._store = store
        self._keys = keys
        self._rights = rights
        self._people = people

    def of(self, meeting: Meeting) -> MeetingLinks:
        """Return the links of a meeting, the same each time."""
        return MeetingLinks(
            self.link(meeting, MeetingRole.TEACHER), self.link(meeting, MeetingRole.STUDENT)
        )

    def link(self, meeting: Meeting, role: MeetingRole) -> str:
        """Return one side's link."""
        key = self._keys.key(meeting.meeting_id, role, meeting.link_generation)
        query = f"id={meeting.meeting_id}&role={role.value}&key={key}"
        return with_query(meeting.frontend_base_url, query)

    async def open(
        self, meeting_id: str, role: str, key: str | None, who: Principal = ANYONE
    ) -> tuple[Meeting, MeetingRole]:
        """Return the meeting a link leads to, and the side it opens.

        Without a key, the account that is that side opens it.

        Raises InvalidInput alike for an id, a role or a key that is wrong, Gone for a link that
        was renewed, Forbidden for somebody else's and where the account that the side is is not
        open, Unavailable.
        """
        side = _side(role)
        meeting = await self._store.get(meeting_id) if side and is_id(meeting_id) else None
        if meeting is None or side is None:
            raise InvalidInput(message=INVALID)
        account_id = account_of(meeting, side)
        is_own = not key and account_id is not None and account_id == who.account_id
        if not is_own and not self._fits(meeting, side, key):
            raise InvalidInput(message=INVALID)
        acting_rules.require_link_theirs(meeting, side, who)
        await self.require_open_account(meeting, side)
        return meeting, side

    async def require_open_account(self, meeting: Meeting, side: MeetingRole) -> None:
        """Raise Forbidden where a side is an account that is closed or disabled."""
        account_id = account_of(meeting, side)
        if account_id is not None and await self._people.email_of(account_id) is None:
            raise Forbidden(acting_rules.NOT_OPEN)

    def _fits(self, meeting: Meeting, side: MeetingRole, key: str | None) -> bool:
        if not key:
            return self._rights.open_links
        if len(key) > LONGEST_KEY or not key.isascii():
            return False
        if self._keys.is_key(key, meeting.meeting_id, side, meeting.link_generation):
            return True
        earlier = range(1, meeting.link_generation)
        if any(self._keys.is_key(key, meeting.meeting_id, side, each) for each in earlier):
            raise Gone(RENEWED)
        return False


def _side(role: str) -> MeetingRole | None:
    try:
        return MeetingRole(role)
    except ValueError:
        return None
