"""Secrets that are nobody's own, as the password of a link is: hashed, and slow to guess."""

from quadrangle.accounts.secrets.ports import Passwords
from quadrangle.accounts.sign_in.door_rules import shared_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding


class SharedSecrets:
    """Keeps secrets for other services; who may set one is theirs to say."""

    def __init__(self, passwords: Passwords, lockouts: Lockouts) -> None:
        self._passwords = passwords
        self._lockouts = lockouts

    async def seal(self, secret: str) -> str:
        """Return what is kept of a secret. Raises Unavailable."""
        return await self._passwords.hash(secret)

    async def check(self, name: str, address: str, sealed: str, secret: str) -> bool:
        """Tell whether a secret is right. Raises TooManyRequests after too many wrong ones for
        `name`, a word that tells it from all others, or from `address`; and Unavailable."""

        async def look() -> SecretFinding:
            return SecretFinding(await self._passwords.verify(sealed, secret))

        return await self._lockouts.run(shared_door(name, address), look)
