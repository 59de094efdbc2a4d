"""What tokens and sessions need from the world."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from quadrangle.accounts.model import Claims, Session
from quadrangle.accounts.tokens.issuers import Verified
from quadrangle.kernel.change import Change


class SessionStore(Protocol):
    """Keeps the sign-ins that have not ended."""

    async def add(self, session: Session, now: datetime) -> None:
        """Save a new session; those over at `now` may be removed."""
        ...

    async def get(self, sid: str) -> Session | None: ...

    async def of_holder(self, holder: str) -> list[Session]:
        """Return all sessions of an account or the PIN, the one seen last first."""
        ...

    async def update(
        self, sid: str, decide: Callable[[Session], Session], now: datetime
    ) -> Session | None:
        """Save and return what the pure `decide` makes of a session, None when there is none.

        Nobody else writes between its look and the write (it may be asked again). Raises what
        `decide` raises; nothing is saved then.
        """
        ...

    async def end(self, sid: str, changes: Sequence[Change]) -> bool:
        """Remove a session, with its changes; False, and no changes, when there is none."""
        ...

    async def end_all(self, holder: str, changes: Sequence[Change]) -> None:
        """Remove all sessions of a holder, with the changes."""
        ...


class Tokens(Protocol):
    """Signs our tokens, and checks those of all issuers."""

    def issue(self, claims: Claims) -> str: ...

    async def verify(self, token: str) -> Verified:
        """Check an access token of ours or of an issuer we believe, all on one path.

        Raises NotSignedIn for one that is wrong or expired.
        """
        ...

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        ...
