"""Asking once more for the password before something that cannot be taken back."""

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, Place, Session
from quadrangle.accounts.own.factor_rules import require_fresh
from quadrangle.accounts.secrets.ports import Credentials, PasswordCheck
from quadrangle.accounts.sign_in.codes import WRONG_CODE, Codes
from quadrangle.accounts.sign_in.door_rules import password_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import Principal


class Reauthentication:
    """Checks the password of someone who is signed in; wrong ones count like those at sign-in.

    Whoever has no password, as an outside issuer signs them in, must have signed in just now.
    """

    def __init__(
        self, credentials: Credentials, codes: Codes, lockouts: Lockouts, clock: Clock
    ) -> None:
        self._credentials = credentials
        self._codes = codes
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
        session: Session | None = None,
        code: str | None = None,
    ) -> None:
        """Raise InvalidInput for `field` unless this is the account's password.

        `session` is the sign-in that asks; an account without a password is refused without one.
        Where a `code` is given, it must be right too. Also raises Forbidden, TooManyRequests,
        Unavailable.
        """
        presented: str | None = None
        if await self._credentials.has_password(account.account_id):
            presented = rules.presented_secret(field, password)
        else:
            require_fresh(session, self._clock.now())
            if code is None:
                return
        wrong: InvalidInput | None = None

        async def look() -> SecretFinding:
            nonlocal wrong
            check = PasswordCheck(right=True, code_required=True)
            if presented is not None:
                check = await self._credentials.check_password(account.account_id, presented)
            if not check.right:
                wrong = InvalidInput.at(field, "This is not your present password.")
            elif code is not None and not await self._codes.take(account.account_id, check, code):
                wrong = InvalidInput.at("code", WRONG_CODE)
            else:
                return SecretFinding(True)
            data = {"method": "reauthentication"}
            now = self._clock.now()
            failed = rules.fact("account.sign-in-failed", account.account_id, data, actor, now)
            return SecretFinding(False, failed)

        await self._lockouts.run(password_door(account.email, place.address, place.mark), look)
        if wrong is not None:
            raise wrong
