"""Opening the links of mails: wrong ones count, and each opens something once."""

import hashlib
from datetime import UTC, datetime

from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.joining.model import LINK_OVER, Link, Purpose
from quadrangle.accounts.model import Account, Place
from quadrangle.accounts.ports import AccountStore, UsedTokens
from quadrangle.accounts.sign_in.door_rules import link_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone


class OpeningLinks:
    """Tells whether a link still holds, and whose it is."""

    def __init__(
        self,
        links: AccountLinks,
        accounts: AccountStore,
        used: UsedTokens,
        lockouts: Lockouts,
        clock: Clock,
    ) -> None:
        self._links = links
        self._accounts = accounts
        self._used = used
        self._lockouts = lockouts
        self._clock = clock

    async def look(self, token: str, place: Place, *purposes: Purpose) -> tuple[Link, Account]:
        """Return what the token says and the account as it is now.

        Whoever writes the account then looks at the link again, in that write. Raises Gone,
        TooManyRequests, Unavailable.
        """
        found: tuple[Link, Account] | None = None
        why = LINK_OVER

        async def look() -> SecretFinding:
            nonlocal found, why
            try:
                link = self._links.read(token, *purposes)
                account = await self._accounts.get(link.account_id)
                found = link, life_rules.require_opens(link, account)
            except Gone as error:
                why = str(error)
                return SecretFinding(False)
            return SecretFinding(True)

        door = link_door(_name_of(token), place.address)
        await self._lockouts.run(door, look)
        if found is None:
            raise Gone(why)
        return found

    async def use(self, link: Link) -> None:
        """Remember that a link was used. Raises Gone when it had been before, Unavailable.

        For links that the account's state and epoch do not end: one may move from an address to
        another, back, and ask for the other again.
        """
        until = datetime.fromtimestamp(link.exp, UTC)
        if not await self._used.use(link.token_id, until, self._clock.now()):
            raise Gone(LINK_OVER)


def _name_of(token: str) -> str:
    """Return what the tries of a token are counted under: not the token itself."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()[:32]
