"""What the settings of an installation say about its accounts."""

from collections.abc import Iterable

from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.kernel.principal import Role

_WHO_NEEDS_TWO = {"optional": frozenset[Role](), "staff": frozenset({Role.STAFF, Role.ADMIN})}


def policy_of(
    sign_up: str,
    domains: Iterable[str],
    two_factor: str,
    pin_sign_in: str,
    public_url: str,
    time_zone: str = "",
) -> AccountPolicy:
    """Return it; `two_factor` is "optional", or "staff" where staff and admins must have a second
    factor. `pin_sign_in` is "on", "off", or "" for on unless staff must have one, which the PIN
    would walk round. Raises ValueError for a way to sign up that there is not."""
    factor_roles = _WHO_NEEDS_TWO[two_factor]
    return AccountPolicy(
        sign_up=SignUp(sign_up),
        domains=tuple(domain.strip().lower() for domain in domains if domain.strip()),
        factor_roles=factor_roles,
        pin=pin_sign_in == "on" or (not pin_sign_in and not factor_roles),
        public_url=public_url,
        time_zone=time_zone,
    )
