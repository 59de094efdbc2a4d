"""Choosing of which meetings one is reminded, and how long before."""

from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.calendar.model import ReminderChoice
from quadrangle.meetings.calendar.ports import ReminderChoices


class Choosing:
    """Every verb raises NotSignedIn for whoever has no account, Unavailable."""

    def __init__(self, choices: ReminderChoices) -> None:
        self._choices = choices

    async def own(self, actor: Principal) -> ReminderChoice:
        """Return of what one is reminded."""
        return await self._choices.get(_account(actor))

    async def choose(self, actor: Principal, choice: ReminderChoice) -> ReminderChoice:
        """Be reminded of that from now on."""
        await self._choices.put(_account(actor), choice)
        return choice


def _account(actor: Principal) -> str:
    if actor.account_id is None:
        raise NotSignedIn("Please sign in with your account to choose your reminders.")
    return actor.account_id
