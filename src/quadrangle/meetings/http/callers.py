"""Who asks about a meeting: an account, or whoever holds a side's link."""

from dataclasses import dataclass
from typing import Annotated

from litestar.params import QueryParameter

from quadrangle.http.injection import Injected
from quadrangle.kernel.errors import Forbidden, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.http.parameters import JoinKey
from quadrangle.meetings.policy_model import MeetingRights
from quadrangle.meetings.scheduling.rules import require_may_schedule
from quadrangle.meetings.scheduling.scheduling import Caller
from quadrangle.meetings.service import MeetingService

OptionalSide = Annotated[str | None, QueryParameter(name="role", max_length=20)]


@dataclass(frozen=True)
class Calling:
    """What a request says of its sender."""

    principal: Principal
    role: str | None
    key: str | None

    async def caller(self, meetings: MeetingService, meeting_id: str) -> Caller:
        """Return who that is for a meeting. Raises InvalidInput, Forbidden and Gone for a
        link that opens nothing for them."""
        if self.key is None or self.role is None:
            return Caller(self.principal)
        opened = await meetings.links.open(meeting_id, self.role, self.key, self.principal)
        return Caller(self.principal, opened[1])


async def provide_calling(
    principal: Injected[Principal], role: OptionalSide = None, join_key: JoinKey = None
) -> Calling:
    return Calling(principal, role, join_key)


async def account_of(
    meetings: MeetingService, field: str, email: str | None, actor: Principal
) -> str | None:
    """Return whose address it is. Only who may schedule for others hears whether there is one."""
    if not email:
        return None
    if actor.role is None:
        raise Forbidden("Please sign in to schedule a meeting for someone with an account.")
    require_may_schedule(actor, MeetingRights(anyone_schedules=False))
    # no address has control signs, and PostgreSQL takes no text with a zero in it
    found = await meetings.people.by_email(email) if email.isprintable() else None
    if found is None:
        raise InvalidInput.at(field, "There is no open account with this address.")
    return found[0]
