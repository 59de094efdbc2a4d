"""Who keeps what people sign in with. Every method raises Unavailable when its part is away."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import Decide
from quadrangle.kernel.change import Change


class PasswordCheck(msgspec.Struct, frozen=True):
    """What came of looking at a password.

    `code_required`: the account has an authenticator app. `proof` is the keeper's own: what it
    wants to see again with the code. `grant` is what the keeper lets the sign-in be renewed with.
    """

    right: bool
    code_required: bool = False
    proof: str = ""
    grant: str = ""


class Enrolment(msgspec.Struct, frozen=True):
    """An authenticator app about to be set up: `secret` in base32, `handle` to confirm it by."""

    secret: str
    handle: str


class Credentials(Protocol):
    """Keeps and checks what people sign in with: passwords, and an authenticator app's secret.

    What a method writes and what `decide` makes of the account is one write where both are kept
    together. Where the keeper is a service of its own it is told first: should the second write
    fail, the caller gets Unavailable and repeats the whole. `decide` is as in AccountStore.update.
    """

    async def open(self, account: Account, password: str | None, changes: Sequence[Change]) -> None:
        """Save a new account, with a password or with none. Raises EmailTaken."""
        ...

    async def rehearse(self, password: str) -> None:
        """Take as long as `open` with a password, and save nothing: where an answer must not tell
        whether an account was opened."""
        ...

    async def has_password(self, account_id: str) -> bool: ...

    async def set_password(self, account_id: str, password: str, decide: Decide) -> Account:
        """Raises NotFound and what `decide` raises."""
        ...

    async def forget_password(self, account_id: str, decide: Decide) -> Account:
        """Let no password sign in until another one is set. Raises what `decide` raises."""
        ...

    async def check_password(self, account_id: str | None, password: str) -> PasswordCheck:
        """Look at a password; None, a stranger's, takes as long and is wrong."""
        ...

    async def check_code(self, account_id: str, check: PasswordCheck, code: str) -> PasswordCheck:
        """Look at a code of the app, six digits, each taken once. `check` said `code_required`."""
        ...

    async def begin_totp(self, account_id: str, password: str) -> Enrolment:
        """Return a new secret, which counts once confirmed. The password has been checked."""
        ...

    async def confirm_totp(
        self, account_id: str, handle: str, code: str, decide: Decide
    ) -> Account | None:
        """Take the secret of `handle` into use when `code` is of it; None when it is not.

        Raises Gone for a handle that is not of this account, is too old or was taken already.
        """
        ...

    async def has_totp(self, account_id: str) -> bool: ...

    async def remove_totp(self, account_id: str, decide: Decide) -> Account: ...

    async def close(self, account_id: str, decide: Decide) -> Account:
        """Forget everything the account could sign in with."""
        ...


class Secrets(msgspec.Struct, frozen=True):
    """What an account signs in with, as one machine keeps it: a hash, and a sealed TOTP secret.

    `totp_step` is the last time step a code was taken of.
    """

    password_hash: str | None = None
    totp_secret: str | None = None
    totp_step: int | None = None


class SecretStore(Protocol):
    """Keeps the secrets of accounts beside them, where no other service does."""

    async def add(self, account: Account, secrets: Secrets, changes: Sequence[Change]) -> None:
        """Save a new account. Raises EmailTaken."""
        ...

    async def secrets(self, account_id: str) -> Secrets | None: ...

    async def update_secrets(
        self, account_id: str, change: Callable[[Secrets], Secrets], decide: Decide | None = None
    ) -> Account:
        """Save secrets and what `decide` makes of the account in one write.

        Both are pure and may be asked again. Raises NotFound and what they raise.
        """
        ...


class Sealer(Protocol):
    """Seals texts for the store, so that a copy of the store alone does not give them away."""

    def seal(self, text: str, context: str) -> str: ...

    def open(self, sealed: str, context: str) -> str:
        """Raises ValueError for what was not sealed here, or for another context."""
        ...


class Passwords(Protocol):
    """Hashes secrets so that guessing is slow. Raises Unavailable when too many wait."""

    async def hash(self, secret: str) -> str: ...

    async def verify(self, hashed: str | None, secret: str) -> bool:
        """Tell whether `secret` has that hash. Without a hash it takes as long and is False."""
        ...

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether the hash was made with other parameters than those of today."""
        ...
