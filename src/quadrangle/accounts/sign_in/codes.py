"""What people type as their second factor: a code of the app, or a recovery code."""

from quadrangle.accounts.secrets.ports import Credentials, PasswordCheck
from quadrangle.accounts.secrets.recovery import Recovery

WRONG_CODE = "This code is wrong or was used already. Please enter the one shown now."


class Codes:
    """Looks at codes; each is right once. Who calls counts the tries."""

    def __init__(self, credentials: Credentials, recovery: Recovery) -> None:
        self._credentials = credentials
        self._recovery = recovery

    async def take(self, account_id: str, check: PasswordCheck, typed: str) -> bool:
        """Tell whether a code is right, and use it up. `check` is what came of the password."""
        code = "".join(typed.split())
        if not code.isdigit():
            return await self._recovery.use(account_id, code)
        if not check.code_required:  # there is no app
            return False
        return (await self._credentials.check_code(account_id, check, code)).right
