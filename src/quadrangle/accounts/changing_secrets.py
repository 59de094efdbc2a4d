"""Changing one's own password, and the staff PIN."""

from quadrangle.accounts import rules
from quadrangle.accounts.lockout_rules import password_door
from quadrangle.accounts.lockouts import Lockouts, Verdict
from quadrangle.accounts.made import make_pin
from quadrangle.accounts.model import Account, SignedIn
from quadrangle.accounts.ports import AccountStore, Passwords, PinStore
from quadrangle.accounts.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput
from quadrangle.kernel.principal import Principal, require_admin


class ChangingSecrets:
    """Replaces secrets; what was signed in with the old one ends."""

    def __init__(
        self,
        accounts: AccountStore,
        pins: PinStore,
        passwords: Passwords,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._pins = pins
        self._passwords = passwords
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    async def change_password(
        self, actor: Principal, current: str, new: str, address: str
    ) -> SignedIn:
        """Replace one's own password and return a new sign-in, as all others have ended.

        A wrong current password counts like one at sign-in. Raises InvalidInput, NotSignedIn,
        Forbidden, Conflict, TooManyRequests, Unavailable.
        """
        account = await self._own_account(actor)
        wanted = rules.check_new_password(new, account.email)
        presented = rules.presented_secret("currentPassword", current)
        if wanted == presented:
            raise InvalidInput.at("newPassword", "This is the password you have now.")
        await self._require_current(account, presented, actor, address)
        hashed = await self._passwords.hash(wanted)

        def decide(found: Account, _: int) -> tuple[Account, list[Change]]:
            if found.epoch != account.epoch:
                raise Conflict()  # another password or role meanwhile
            return rules.replace_password(found, actor, self._clock.now())

        changed = await self._accounts.update(account.account_id, decide, password_hash=hashed)
        self._sessions.forget()
        return self._sessions.start(changed)

    async def _own_account(self, actor: Principal) -> Account:
        account = await self._sessions.me(actor)
        if account is None:
            raise Forbidden("The staff PIN has no password. An administrator can change the PIN.")
        return account

    async def _require_current(
        self, account: Account, presented: str, actor: Principal, address: str
    ) -> None:
        async def look() -> Verdict:
            found = await self._accounts.by_email(account.email)
            hashed = found.password_hash if found else None
            right = await self._passwords.verify(hashed, presented)
            if right:
                return Verdict(True, None)
            data = {"method": "password-change", "address": address}
            failed = rules.fact(
                "account.sign-in-failed", account.account_id, data, actor, self._clock.now()
            )
            return Verdict(False, failed)

        if not await self._lockouts.run(password_door(account.email, address), look):
            raise InvalidInput.at("currentPassword", "This is not your present password.")

    async def change_pin(self, actor: Principal, pin: str | None) -> str:
        """Replace the staff PIN, with a made one unless `pin` is given, and return it.

        Raises InvalidInput, NotSignedIn, Forbidden, Conflict, Unavailable.
        """
        require_admin(actor)
        new = make_pin() if pin is None else rules.check_new_pin(pin)
        hashed = await self._passwords.hash(new)
        current = await self._pins.load()
        replaced, change = rules.replace_pin(current, hashed, actor, self._clock.now())
        await self._pins.save(replaced, [change])
        self._sessions.forget()
        return new
