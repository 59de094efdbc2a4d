"""Others than us who sign tokens, as functions know them: an outside issuer, and the user pool.

What asks them, and the HTTP client with it, is imported when it is first needed: by someone who
signs in at the issuer, or by a token of theirs. What they published is then kept by the container.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from quadrangle.accounts.outside.model import Answer, Flow, Person
from quadrangle.accounts.tokens.identity_ports import OutsideIssuer
from quadrangle.accounts.tokens.issuers import Issuer, KeySource, Subject, bearers
from quadrangle.aws.base.clients import client
from quadrangle.hosts.lambdas.accounts.stores import user_pool
from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.shared.outside_issuer import ISSUER_ID, outside_issuer
from quadrangle.kernel.lazily import lazily

if TYPE_CHECKING:
    from quadrangle.portable.single_sign_on.oidc import OidcIssuer

POOL_ALGORITHMS = ("RS256",)  # what Cognito signs with


class OutsideIssuers:
    """Those of one function. `sign_in` are offered to people; tokens of `believed()` are taken."""

    def __init__(self, parts: FunctionParts) -> None:
        self._parts = parts
        self._settings = parts.environment
        self._oidc = lazily(self._make_oidc)
        self.sign_in: tuple[OutsideIssuer, ...] = ()
        if self._settings.oidc_issuer:
            self.sign_in = (IssuerLater(self._settings, self._oidc),)

    def believed(self) -> list[Issuer]:
        """Return whose access tokens are taken besides our own."""
        settings, found = self._settings, list[Issuer]()
        if settings.oidc_issuer:
            keys: KeySource = lazily(lambda: self._oidc.keys)
            found.append(bearers(settings.oidc_issuer, keys, settings.public_url))
        if settings.user_pool and settings.pool_clients:
            found.append(self._pool())
        return found

    def _pool(self) -> Issuer:
        """Return the user pool, which gives other programs of the campus tokens for its users.

        The subject is an account's id, by which users of the pool go.
        """
        clients = (name.strip() for name in self._settings.pool_clients.split(","))
        return Issuer(
            iss=user_pool(self._parts).iss,
            algorithms=POOL_ALGORITHMS,
            keys=lazily(self._pool_keys),
            audiences=frozenset(name for name in clients if name),
            subject=Subject.ACCOUNT,
            subject_claim="username",
            audience_claim="client_id",
            expected={"token_use": "access"},
        )

    def _pool_keys(self) -> KeySource:
        from quadrangle.portable.single_sign_on import web
        from quadrangle.portable.single_sign_on.jwks import FetchedKeys

        address = user_pool(self._parts).keys_address
        return FetchedKeys(lambda: web.get_json(address), self._parts.clock)

    def _make_oidc(self) -> "OidcIssuer":
        return outside_issuer(self._settings, self._secret(), self._parts.clock)

    def _secret(self) -> Callable[[], str]:
        """Return what gives the client secret, empty where we are a public client."""
        if not self._settings.oidc_secret:
            return str
        from quadrangle.aws.base.secret_text import SecretText

        secrets = client("secretsmanager")
        return SecretText(secrets, self._settings.oidc_secret, self._parts.clock).current


class IssuerLater:
    """Implements accounts.identity_ports.OutsideIssuer: by the settings, until someone goes there.

    The sign-in page asks for the names of issuers, which must not wait for an HTTP client.
    """

    def __init__(self, settings: Environment, oidc: "OidcIssuer") -> None:
        self.issuer_id = ISSUER_ID
        self.name = settings.oidc_name
        self.iss = settings.oidc_issuer
        self.sign_up = settings.oidc_sign_up == "on"
        self._oidc = oidc

    async def address(self, flow: Flow) -> str:
        return await self._oidc.address(flow)

    async def identify(self, flow: Flow, answer: Answer) -> Person:
        return await self._oidc.identify(flow, answer)
