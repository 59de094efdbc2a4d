"""The one outside issuer people may sign in by, as the settings of an installation name it.

Most installations have none: what needs an HTTP client, which takes long to load, is imported late.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from quadrangle.kernel.clock import Clock
    from quadrangle.portable.single_sign_on.oidc import OidcIssuer

ISSUER_ID = "campus"  # stands in addresses
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class IssuerSettings(Protocol):
    """The settings of an issuer, on either wing; an empty `oidc_issuer` says that there is none."""

    @property
    def public_url(self) -> str: ...

    @property
    def oidc_issuer(self) -> str: ...

    @property
    def oidc_client_id(self) -> str: ...

    @property
    def oidc_name(self) -> str: ...

    @property
    def oidc_sign_up(self) -> str: ...


def outside_issuer(
    settings: IssuerSettings, secret: Callable[[], str], clock: "Clock"
) -> "OidcIssuer":
    """Return the issuer that `settings` name; `secret` as in code_flow.Registration."""
    from quadrangle.accounts.tokens.identity_ports import callback_path
    from quadrangle.portable.single_sign_on.code_flow import Registration
    from quadrangle.portable.single_sign_on.oidc import OidcIssuer

    registration = Registration(
        issuer_id=ISSUER_ID,
        name=settings.oidc_name,
        iss=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        redirect_uri=settings.public_url.rstrip("/") + callback_path(ISSUER_ID),
        secret=secret,
        sign_up=settings.oidc_sign_up == "on",
    )
    return OidcIssuer(registration, clock)


def require_usable(settings: IssuerSettings) -> None:
    """Raise ValueError, which names the setting, unless there is no issuer or a safe one."""
    if bool(settings.oidc_issuer) != bool(settings.oidc_client_id):
        raise ValueError(
            "QUADRANGLE_OIDC_ISSUER and QUADRANGLE_OIDC_CLIENT_ID are set together or not at all."
        )
    if not settings.oidc_issuer:
        return
    try:
        address = urlsplit(settings.oidc_issuer)
        host = address.hostname
    except ValueError:
        raise ValueError("QUADRANGLE_OIDC_ISSUER must be an address.") from None
    safe = address.scheme == "https" or (address.scheme == "http" and host in _THIS_MACHINE)
    if not safe or not host or address.query or address.fragment:
        raise ValueError(
            "QUADRANGLE_OIDC_ISSUER must begin with https:// and have neither ? nor #."
        )
    if settings.oidc_issuer == settings.public_url:
        raise ValueError("QUADRANGLE_OIDC_ISSUER must not be QUADRANGLE_PUBLIC_URL.")
