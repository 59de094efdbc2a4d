"""Changing one's own password, and the staff PIN."""

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, Method, Place, SignedIn
from quadrangle.accounts.own.reauthentication import Reauthentication
from quadrangle.accounts.ports import PinStore
from quadrangle.accounts.secrets.generated import make_pin
from quadrangle.accounts.secrets.ports import Credentials, Passwords
from quadrangle.accounts.secrets.strength import checked_password
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput
from quadrangle.kernel.principal import Principal, require_admin


class ChangingSecrets:
    """Replaces secrets; what was signed in with the old one ends."""

    def __init__(
        self,
        pins: PinStore,
        passwords: Passwords,
        credentials: Credentials,
        reauthentication: Reauthentication,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._pins = pins
        self._passwords = passwords
        self._credentials = credentials
        self._reauthentication = reauthentication
        self._sessions = sessions
        self._clock = clock

    async def change_password(
        self, actor: Principal, current: str, new: str, place: Place
    ) -> SignedIn:
        """Replace one's own password and return a new sign-in, as all others have ended.

        A wrong current password counts like one at sign-in. Raises InvalidInput, NotSignedIn,
        Forbidden, Conflict, TooManyRequests, Unavailable.
        """
        account = await self._sessions.me(actor)
        if account is None:
            raise Forbidden("The staff PIN has no password. An administrator can change the PIN.")
        prepared = rules.require_password_length("newPassword", new)
        if prepared == rules.presented_secret("currentPassword", current):
            raise InvalidInput.at("newPassword", "This is the password you have now.")
        # first what is counted, then what takes time
        await self._reauthentication.require(
            account, current, actor, place, field="currentPassword"
        )
        wanted = await checked_password(new, account.email, name=account.name)

        def decide(found: Account, _: int) -> tuple[Account, list[Change]]:
            if found.epoch != account.epoch:
                raise Conflict()  # another password or role meanwhile
            return rules.replace_password(found, actor, self._clock.now())

        changed = await self._credentials.set_password(account.account_id, wanted, decide)
        self._sessions.forget()
        return await self._sessions.start(changed, Method.PASSWORD, place)

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
