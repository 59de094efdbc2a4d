"""What signing in by an outside issuer needs: the issuer, and who its people are here.

Every method raises Unavailable when its part is away.
"""

from collections.abc import Sequence
from typing import Protocol

from quadrangle.accounts.outside.model import Answer, Flow, Identity, Person
from quadrangle.kernel.change import Change


def callback_path(issuer_id: str) -> str:
    """Return where an issuer sends browsers back to."""
    return f"/api/accounts/oidc/{issuer_id}/callback"


class IdentityTaken(Exception):
    """The subject is linked already, or the account is to another subject of the issuer."""


class IdentityStore(Protocol):
    """Keeps who outside issuers' people are here."""

    async def find(self, issuer: str, subject: str) -> str | None:
        """Return the id of the account that is linked."""
        ...

    async def link(self, identity: Identity, changes: Sequence[Change]) -> None:
        """Save a link with its changes. Raises IdentityTaken."""
        ...

    async def of_account(self, account_id: str) -> list[Identity]:
        """Return the links of an account, by issuer."""
        ...

    async def remove_all(self, account_id: str) -> None:
        """Remove the links of an account, as when it is closed."""
        ...


class IssuerRefused(Exception):
    """The issuer did not let the person in."""


class IssuerAway(Exception):
    """The issuer does not answer, or not as it must; the message says what, for the log only."""


class OutsideIssuer(Protocol):
    """An issuer people may sign in by. `sign_up`: whoever it lets in gets an account."""

    @property
    def issuer_id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def iss(self) -> str: ...

    @property
    def sign_up(self) -> bool: ...

    async def address(self, flow: Flow) -> str:
        """Return where the browser is sent to sign in. Raises IssuerAway."""
        ...

    async def identify(self, flow: Flow, answer: Answer) -> Person:
        """Return who signed in, proven by the issuer. Raises IssuerRefused, IssuerAway."""
        ...
