"""Credentials as one machine keeps them: argon2id hashes and sealed TOTP secrets in its store."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from quadrangle.accounts.model import Account, NoSuchAccount
from quadrangle.accounts.ports import AccountStore, Decide
from quadrangle.accounts.secrets import totp
from quadrangle.accounts.secrets.ports import (
    Enrolment,
    PasswordCheck,
    Passwords,
    Sealer,
    Secrets,
    SecretStore,
)
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.errors import Gone

ENROLMENT_LIFE = timedelta(minutes=15)
_WRONG = PasswordCheck(right=False)
_ENROLMENT_OVER = "This set-up was begun too long ago. Please begin again."


class _Begun(msgspec.Struct, frozen=True):
    """What the handle of an enrolment holds, sealed."""

    secret: str
    until: str
    epoch: int


class LocalCredentials:
    """Implements accounts.credential_ports.Credentials."""

    def __init__(
        self,
        accounts: AccountStore,
        store: SecretStore,
        passwords: Passwords,
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._passwords = passwords
        self._sealer = sealer
        self._clock = clock

    async def open(self, account: Account, password: str | None, changes: Sequence[Change]) -> None:
        hashed = None if password is None else await self._passwords.hash(password)
        await self._store.add(account, Secrets(hashed), changes)

    async def rehearse(self, password: str) -> None:
        await self._passwords.verify(None, password)

    async def has_password(self, account_id: str) -> bool:
        secrets = await self._store.secrets(account_id)
        return secrets is not None and secrets.password_hash is not None

    async def set_password(self, account_id: str, password: str, decide: Decide) -> Account:
        hashed = await self._passwords.hash(password)
        return await self._store.update_secrets(account_id, _with(password_hash=hashed), decide)

    async def forget_password(self, account_id: str, decide: Decide) -> Account:
        return await self._store.update_secrets(account_id, _with(password_hash=None), decide)

    async def check_password(self, account_id: str | None, password: str) -> PasswordCheck:
        secrets = None if account_id is None else await self._store.secrets(account_id)
        hashed = secrets.password_hash if secrets else None
        right = await self._passwords.verify(hashed, password)
        if not right or secrets is None or hashed is None or account_id is None:
            return _WRONG
        await self._renew_hash(account_id, hashed, password)
        return PasswordCheck(right=True, code_required=secrets.totp_secret is not None)

    async def _renew_hash(self, account_id: str, old: str, password: str) -> None:
        """Hash the password with today's parameters: only now is it at hand."""
        if not self._passwords.is_outdated(old):
            return
        new = await self._passwords.hash(password)

        def renew(secrets: Secrets) -> Secrets:
            if secrets.password_hash != old:
                return secrets  # another password meanwhile
            return msgspec.structs.replace(secrets, password_hash=new)

        await self._store.update_secrets(account_id, renew)

    async def check_code(self, account_id: str, check: PasswordCheck, code: str) -> PasswordCheck:
        taken = False

        def take(secrets: Secrets) -> Secrets:
            nonlocal taken
            step = self._step(account_id, secrets, code)
            taken = step is not None
            return msgspec.structs.replace(secrets, totp_step=step) if taken else secrets

        await self._store.update_secrets(account_id, take)
        return PasswordCheck(right=True) if taken else _WRONG

    def _step(self, account_id: str, secrets: Secrets, code: str) -> int | None:
        """Return the step of a code that is right and was not taken before, nor a later one."""
        if secrets.totp_secret is None:
            return None
        secret = self._sealer.open(secrets.totp_secret, f"totp:{account_id}")
        step = totp.step_of(secret, code, self._clock.now())
        if step is None or (secrets.totp_step is not None and step <= secrets.totp_step):
            return None
        return step

    async def begin_totp(self, account_id: str, password: str) -> Enrolment:
        account = await self._accounts.get(account_id)
        if account is None:
            raise NoSuchAccount()
        secret = totp.new_secret()
        begun = _Begun(secret, to_text(self._clock.now() + ENROLMENT_LIFE), account.epoch)
        text = msgspec.json.encode(begun).decode()
        return Enrolment(secret, self._sealer.seal(text, f"enrolment:{account_id}"))

    async def confirm_totp(
        self, account_id: str, handle: str, code: str, decide: Decide
    ) -> Account | None:
        begun = self._begun(account_id, handle)
        step = totp.step_of(begun.secret, code, self._clock.now())
        if step is None:
            return None

        def decide_once(account: Account, others: int) -> tuple[Account, list[Change]]:
            if account.epoch != begun.epoch:  # confirmed already, or signed out everywhere
                raise Gone(_ENROLMENT_OVER)
            return decide(account, others)

        sealed = self._sealer.seal(begun.secret, f"totp:{account_id}")
        change = _with(totp_secret=sealed, totp_step=step)
        return await self._store.update_secrets(account_id, change, decide_once)

    def _begun(self, account_id: str, handle: str) -> _Begun:
        try:
            text = self._sealer.open(handle, f"enrolment:{account_id}")
        except ValueError:
            raise Gone(_ENROLMENT_OVER) from None
        begun = msgspec.json.decode(text, type=_Begun)
        if self._clock.now() >= from_text(begun.until):
            raise Gone(_ENROLMENT_OVER)
        return begun

    async def has_totp(self, account_id: str) -> bool:
        secrets = await self._store.secrets(account_id)
        return secrets is not None and secrets.totp_secret is not None

    async def remove_totp(self, account_id: str, decide: Decide) -> Account:
        change = _with(totp_secret=None, totp_step=None)
        return await self._store.update_secrets(account_id, change, decide)

    async def close(self, account_id: str, decide: Decide) -> Account:
        return await self._store.update_secrets(account_id, lambda _: Secrets(), decide)


def _with(**changed: str | int | None):
    return lambda secrets: msgspec.structs.replace(secrets, **changed)
