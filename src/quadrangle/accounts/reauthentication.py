"""Asking once more for the password before something that cannot be taken back."""

from quadrangle.accounts import rules
from quadrangle.accounts.credential_ports import Credentials
from quadrangle.accounts.lockout_rules import password_door
from quadrangle.accounts.lockouts import Lockouts, Verdict
from quadrangle.accounts.model import Account, Place
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal


class Reauthentication:
    """Checks the password of someone who is signed in; wrong ones count like those at sign-in."""

    def __init__(self, credentials: Credentials, lockouts: Lockouts, clock: Clock) -> None:
        self._credentials = credentials
        self._lockouts = lockouts
        self._clock = clock

    async def require(
        self,
        account: Account,
        password: str,
        actor: Principal,
        place: Place,
        *,
        field: str = "password",
    ) -> None:
        """Raise InvalidInput for `field` unless this is the account's password.

        Also raises TooManyRequests, Unavailable.
        """
        presented = rules.presented_secret(field, password)

        async def look() -> Verdict:
            check = await self._credentials.check_password(account.account_id, presented)
            if check.right:
                return Verdict(True)
            data = {"method": "reauthentication"}
            failed = rules.fact(
                "account.sign-in-failed", account.account_id, data, actor, self._clock.now()
            )
            return Verdict(False, failed)

        door = password_door(account.email, place.address)
        if not await self._lockouts.run(door, look):
            raise InvalidInput.at(field, "This is not your present password.")
