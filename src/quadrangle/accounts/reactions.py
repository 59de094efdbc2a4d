"""What happens when an account changed: mails, and the erasing of what a closed one leaves.

Each may be called again for the same change: a mail's key names the change and the reader, and what
is erased stays erased.
"""

from collections.abc import Callable, Sequence

from quadrangle.accounts import mails
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import AccountStore, Eraser
from quadrangle.kernel.change import Change, Reaction, in_parts
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.mail import Mail, MailQueue

_Write = Callable[[Account, Change, AccountLinks], Mail]


class AccountReactions:
    """The reactions of the account service."""

    def __init__(
        self,
        accounts: AccountStore,
        mail: MailQueue,
        links: AccountLinks,
        erasers: Sequence[Eraser],
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._mail = mail
        self._links = links
        self._erasers = erasers
        self._clock = clock

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            Reaction("accounts.mail", frozenset(_WRITTEN), self.write_mails),
            in_parts("accounts.erase", frozenset({"account.closed"}), self.erase),
        ]

    async def write_mails(self, change: Change) -> None:
        """Write the mails that a change asks for, by what the account is now."""
        account = await self._accounts.get(change.subject) if is_id(change.subject) else None
        if account is None or not account.active:
            return
        if change.kind == "account.new-address-asked":
            await self._mail.enqueue(*await self._address_mails(account, change))
            return
        write = _WRITTEN[change.kind](account, change)
        if write is not None:
            await self._mail.enqueue(write(account, change, self._links))

    async def _address_mails(self, account: Account, change: Change) -> list[Mail]:
        """Ask the new address and tell the old one; the owner of a taken one learns that it is."""
        if account.new_email is None:
            return []  # confirmed, or given up, before this ran
        note = mails.address_asked(account, change, self._links)
        holder = await self._accounts.by_email(account.new_email)
        if holder is None:
            return [note, mails.new_address(account, change, self._links)]
        return [note, mails.known(holder, change, self._links)] if holder.active else [note]

    async def erase(self, change: Change, place: str | None) -> str | None:
        """Take leave of a closed account by mail, then forget all that is personal of it.

        Mails are a part each time (see kernel.change.Part), the rest is short. The address goes
        last: should this break off, the repeat still knows where to write.
        """
        account = await self._accounts.get(change.subject)
        if account is None or account.state is not AccountState.CLOSED:
            return None
        if not life_rules.is_erased(account):
            if place is None:
                await self._mail.enqueue(mails.closed(account, change, self._links))
            if left := await self._forget_mails(account, place):
                return left
        for erase in self._erasers:
            await erase(account.account_id)
        await self._accounts.update(
            account.account_id, lambda found, _: life_rules.erase(found, self._clock.now())
        )
        return None

    async def _forget_mails(self, account: Account, place: str | None) -> str | None:
        """Forget a part of the mails to the account's addresses; return where to go on."""
        addresses = [each for each in (account.email, account.new_email) if each]
        number, _, behind = (place or "0").partition(" ")
        for address in addresses[int(number) : int(number) + 1]:
            left = await self._mail.forget(address, behind or None)
            if left is not None:
                return f"{number} {left}"
        after = int(number) + 1
        return str(after) if after < len(addresses) else None


def _on_created(account: Account, change: Change) -> _Write | None:
    """By the state the account was made in: what became of it since has mails of its own."""
    if change.data["state"] != account.state.value:
        return None
    return {AccountState.INVITED: mails.invitation, AccountState.UNCONFIRMED: mails.confirm}.get(
        account.state
    )


def _on_sign_up_again(account: Account, _: Change) -> _Write | None:
    return {
        AccountState.OPEN: mails.known,
        AccountState.UNCONFIRMED: mails.choose,
        AccountState.INVITED: mails.invitation,
    }.get(account.state)


def _on_confirmation_asked(account: Account, change: Change) -> _Write | None:
    if account.state is AccountState.UNCONFIRMED and not life_rules.is_disputed(account):
        return mails.confirm
    return _on_sign_up_again(account, change)


def _on_reset_asked(account: Account, change: Change) -> _Write | None:
    if account.state is AccountState.OPEN:
        return mails.reset
    return _on_sign_up_again(account, change)


def _on_invited(account: Account, _: Change) -> _Write | None:
    return mails.invitation if account.state is AccountState.INVITED else None


def _if_open(write: _Write) -> Callable[[Account, Change], _Write | None]:
    return lambda account, _: write if account.state is AccountState.OPEN else None


# What to write on a change of each kind.
_WRITTEN: dict[str, Callable[[Account, Change], _Write | None]] = {
    "account.created": _on_created,
    "account.invited": _on_invited,
    "account.sign-up-repeated": _on_sign_up_again,
    "account.confirmation-asked": _on_confirmation_asked,
    "account.reset-asked": _on_reset_asked,
    "account.new-address-asked": _if_open(mails.new_address),
    "account.password-changed": _if_open(mails.password_changed),
    "account.second-factor-changed": _if_open(mails.factor_changed),
    "account.refresh-reused": _if_open(mails.token_reused),
}
