"""What an installation has decided about its accounts."""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

from quadrangle.kernel.principal import Role


class SignUp(StrEnum):
    """Who may open an account by themselves."""

    OPEN = "open"
    DOMAINS = "domains"  # of the e-mail address
    INVITATION = "invitation"
    CLOSED = "closed"  # nor may admins invite: accounts come from the outside issuer


class AccountPolicy(msgspec.Struct, frozen=True):
    """`domains` are in small letters and count with SignUp.DOMAINS; `factor_roles` must have a
    second factor; `pin` tells whether staff may sign in with the PIN they share; `issuer_name` is
    what authenticator apps show; in `time_zone`, the campus's ("" for UTC), mails tell times."""

    sign_up: SignUp = SignUp.INVITATION
    domains: tuple[str, ...] = ()
    factor_roles: frozenset[Role] = frozenset()
    pin: bool = True
    issuer_name: str = "Quadrangle"
    public_url: str = ""
    time_zone: str = ""

    @property
    def has_host_name(self) -> bool:
        """Whether people reach us by a name: browsers have no passkeys for bare addresses."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return bool(host)
        return False


DEFAULT = AccountPolicy()
