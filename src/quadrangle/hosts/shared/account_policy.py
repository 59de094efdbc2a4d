"""What the settings of an installation say about its accounts."""

from collections.abc import Iterable

from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.kernel.principal import Role

_WHO_NEEDS_TWO = {"optional": frozenset[Role](), "staff": frozenset({Role.STAFF, Role.ADMIN})}


def policy_of(
    sign_up: str,
    domains: Iterable[str],
    two_factor: str,
    public_url: str,
    time_zone: str = "",
) -> AccountPolicy:
    """Return it; `two_factor` is "optional", or "staff" where staff and admins must have a second
    factor. Raises ValueError for a way to sign up that there is not."""
    return AccountPolicy(
        sign_up=SignUp(sign_up),
        domains=tuple(domain.strip().lower() for domain in domains if domain.strip()),
        factor_roles=_WHO_NEEDS_TWO[two_factor],
        public_url=public_url,
        time_zone=time_zone,
    )
