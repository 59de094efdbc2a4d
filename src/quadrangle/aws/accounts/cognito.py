"""Credentials as Cognito keeps them: passwords and the secrets of authenticator apps.

Decision 0009 says what is Cognito's and what is ours. Cognito is told first, and before that it is
asked whether the account may be changed so at all: a refusal leaves the password as it was.
"""

import contextlib
import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from quadrangle.accounts.model import Account, NoSuchAccount
from quadrangle.accounts.ports import Decide, EmailTaken, UsedTokens
from quadrangle.accounts.secrets.ports import Enrolment, PasswordCheck
from quadrangle.aws.accounts.enrolments import Begun, Enrolments
from quadrangle.aws.accounts.store import DynamoAccountStore, Held
from quadrangle.aws.accounts.user_pool import NoSuchUser, TokenOver, UserPool
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, Gone, Unavailable
from quadrangle.kernel.ids import new_id

# Cognito takes codes while its clock and the phone's are some steps apart, which is shorter.
CODES_REMEMBERED = timedelta(minutes=15)
# As long as the access tokens of the pool's client, see deploy/aws/accounts.yaml.
ENROLMENT_LIFE = timedelta(minutes=15)
_WRONG = PasswordCheck(right=False)
_ENROLMENT_OVER = "This set-up was begun too long ago. Please begin again."
_APP_IS_SET_UP = "An authenticator app is set up already. Please remove it before another one."

log = logging.getLogger(__name__)


class CognitoCredentials:
    """Implements accounts.credential_ports.Credentials."""

    def __init__(
        self,
        pool: UserPool,
        accounts: DynamoAccountStore,
        enrolments: Enrolments,
        used_codes: UsedTokens,
        clock: Clock,
    ) -> None:
        self._pool = pool
        self._accounts = accounts
        self._enrolments = enrolments
        self._used_codes = used_codes
        self._clock = clock

    async def open(self, account: Account, password: str | None, changes: Sequence[Change]) -> None:
        self._pool.create(account.account_id, account.email)
        if password is not None:
            self._pool.set_password(account.account_id, password)
        try:
            await self._accounts.add(account, changes, Held(has_password=password is not None))
        except EmailTaken:
            self._forget(account.account_id)
            raise

    async def rehearse(self, password: str) -> None:
        """As many calls as opening takes, about users there are none of."""
        with contextlib.suppress(NoSuchUser):
            self._pool.set_password(new_id(), password)
        self._pool.sign_in(new_id(), password)

    def _forget(self, account_id: str) -> None:
        """Remove a user no account was made for; one that stays cannot be signed in with."""
        try:
            self._pool.delete(account_id)
        except Unavailable:
            log.warning("a user of the pool without an account stays", extra={"user": account_id})

    async def has_password(self, account_id: str) -> bool:
        return (await self._accounts.held(account_id)).has_password

    async def set_password(self, account_id: str, password: str, decide: Decide) -> Account:
        account = await self._accounts.look(account_id, decide)
        try:
            self._pool.set_password(account_id, password)
        except NoSuchUser:  # another pool, as after a restore: a new password makes the user anew
            self._pool.create(account_id, account.email)
            self._pool.set_password(account_id, password)
        return await self._accounts.update(account_id, decide, _with(has_password=True))

    async def forget_password(self, account_id: str, decide: Decide) -> Account:
        await self._accounts.look(account_id, decide)
        with contextlib.suppress(NoSuchUser):
            self._pool.set_password(account_id, secrets.token_urlsafe(32))  # which nobody knows
        return await self._accounts.update(account_id, decide, _with(has_password=False))

    async def check_password(self, account_id: str | None, password: str) -> PasswordCheck:
        answer = self._pool.sign_in(account_id or new_id(), password)
        if answer is None:
            return _WRONG
        return PasswordCheck(right=True, code_required=bool(answer.session), proof=answer.session)

    async def check_code(self, account_id: str, check: PasswordCheck, code: str) -> PasswordCheck:
        if not self._pool.check_code(account_id, check.proof, code):
            return _WRONG
        return PasswordCheck(right=True) if await self._spend(account_id, code) else _WRONG

    async def _spend(self, account_id: str, code: str) -> bool:
        """Take a code that is right; False when it was taken before."""
        spent = hashlib.sha256(f"{account_id}:{code}".encode()).hexdigest()
        now = self._clock.now()
        return await self._used_codes.use(f"code:{spent}", now + CODES_REMEMBERED, now)

    async def begin_totp(self, account_id: str, password: str) -> Enrolment:
        """Raises Conflict while an app is set up: Cognito lets nobody in to replace it."""
        account = await self._accounts.get(account_id)
        if account is None:
            raise NoSuchAccount()
        token = await self._token(account_id, password)
        secret = self._pool.begin_app(token)
        until = to_text(self._clock.now() + ENROLMENT_LIFE)
        begun = Begun(account_id, account.epoch, token, until)
        return Enrolment(secret, self._enrolments.add(begun))

    async def _token(self, account_id: str, password: str) -> str:
        if not await self.has_password(account_id):
            # signs in elsewhere: gets a password that nobody knows, as Cognito wants one
            password = secrets.token_urlsafe(32)
            self._pool.set_password(account_id, password)
        answer = self._pool.sign_in(account_id, password)
        if answer is None:
            raise Conflict()  # another password meanwhile
        if not answer.access_token:
            raise Conflict(_APP_IS_SET_UP)
        return answer.access_token

    async def confirm_totp(
        self, account_id: str, handle: str, code: str, decide: Decide
    ) -> Account | None:
        begun = self._enrolments.get(handle, self._clock.now())
        if begun is None or begun.account_id != account_id:
            raise Gone(_ENROLMENT_OVER)
        epoch = begun.epoch

        def decide_once(account: Account, others: int) -> tuple[Account, list[Change]]:
            if account.epoch != epoch:  # confirmed already, or signed out everywhere
                raise Gone(_ENROLMENT_OVER)
            return decide(account, others)

        await self._accounts.look(account_id, decide_once)
        try:
            if not self._pool.confirm_app(begun.access_token, code):
                return None
        except TokenOver:
            raise Gone(_ENROLMENT_OVER) from None
        self._pool.want_code(account_id, True)
        await self._spend(account_id, code)
        changed = await self._accounts.update(account_id, decide_once, _with(has_totp=True))
        self._enrolments.remove(handle)
        return changed

    async def has_totp(self, account_id: str) -> bool:
        return (await self._accounts.held(account_id)).has_totp

    async def remove_totp(self, account_id: str, decide: Decide) -> Account:
        await self._accounts.look(account_id, decide)
        try:
            self._pool.want_code(account_id, False)
        except NoSuchUser:
            log.warning("an account without a user in the pool", extra={"user": account_id})
        return await self._accounts.update(account_id, decide, _with(has_totp=False))

    async def close(self, account_id: str, decide: Decide) -> Account:
        await self._accounts.look(account_id, decide)
        self._pool.delete(account_id)
        return await self._accounts.update(account_id, decide, lambda _: Held())


def _with(**changed: bool):
    return lambda held: msgspec.structs.replace(held, **changed)
