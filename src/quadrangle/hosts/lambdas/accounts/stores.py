"""What keeps accounts, and the keys of tokens: for requests and for what reacts to changes.

Apart from the account service, which knows of requests, as reactions do without them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quadrangle.accounts.joining.links import LinkTokens
from quadrangle.aws.accounts.cognito import CognitoCredentials
from quadrangle.aws.accounts.enrolments import Enrolments
from quadrangle.aws.accounts.pins import DynamoPinStore
from quadrangle.aws.accounts.sessions import DynamoUsedTokens
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.accounts.user_pool import UserPool
from quadrangle.aws.base.clients import client, client_later
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.errors import KeysUnusable, Unavailable

if TYPE_CHECKING:
    from quadrangle.accounts.tokens.signing_keys import CurrentKeys, SigningKey

NO_SIGN_IN = (
    "Nobody can sign in or act as signed in just now. "
    "Please try again later, or tell those who run this service."
)


def account_store(parts: FunctionParts) -> DynamoAccountStore:
    return DynamoAccountStore(parts.dynamo, parts.tables)


def pin_store(parts: FunctionParts) -> DynamoPinStore:
    return DynamoPinStore(parts.dynamo, parts.tables)


def credentials(parts: FunctionParts) -> CognitoCredentials:
    """Return what keeps passwords."""
    return CognitoCredentials(
        user_pool(parts),
        account_store(parts),
        Enrolments(parts.dynamo, parts.tables),
        DynamoUsedTokens(parts.dynamo, parts.tables),
        parts.clock,
    )


def user_pool(parts: FunctionParts) -> UserPool:
    settings = parts.environment
    return UserPool(client_later("cognito-idp"), settings.user_pool, settings.user_pool_client)


def link_tokens(parts: FunctionParts, keys: "CurrentKeys") -> LinkTokens:
    from quadrangle.portable.tokens.link_tokens import JwtLinkTokens

    return JwtLinkTokens(keys, parts.environment.public_url, parts.clock)


def signing_keys(parts: FunctionParts) -> "CurrentKeys":
    from quadrangle.aws.accounts.signing_keys import SecretKeys

    keys = SecretKeys(client("secretsmanager"), parts.environment.signing_keys, parts.clock)
    return answering(keys.current)


def answering(keys: "CurrentKeys") -> "CurrentKeys":
    """Return `keys` for requests: they raise Unavailable for KeysUnusable, its cause.

    Where a person starts a server, keys that cannot be used stop the start and say why. A function
    has nobody there: who asks gets a sentence, and the log, as for all parts that are away, the
    cause. The secret is asked again by every request, so a mended one holds at once.
    """

    def current() -> "Sequence[SigningKey]":
        try:
            return keys()
        except KeysUnusable as error:
            raise Unavailable(NO_SIGN_IN, retry_after_s=60) from error

    return current
