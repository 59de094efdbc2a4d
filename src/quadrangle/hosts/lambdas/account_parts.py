"""The account service of a function. Apart from the other parts, as reactions do without.

A library that only some calls about accounts need (for second factors, say) belongs behind `later`
here, imported by the function that makes the part: it then slows no start.
"""

from collections.abc import Sequence

from quadrangle.accounts.ports import Passwords, Tokens
from quadrangle.accounts.service import AccountService
from quadrangle.accounts.signing_keys import CurrentKeys, KeysUnusable, SigningKey
from quadrangle.aws.accounts import DynamoAccountStore, DynamoPinStore
from quadrangle.aws.clients import client
from quadrangle.aws.sign_ins import DynamoAttemptStore, DynamoSessionStore
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.later import later

NO_SIGN_IN = (
    "Nobody can sign in or act as signed in just now. "
    "Please try again later, or tell those who run this service."
)


def account_service(parts: Parts) -> AccountService:
    """Return it. What signs tokens and compares passwords is imported with the first of them."""
    clock = parts.clock
    return AccountService(
        accounts=account_store(parts),
        pins=pin_store(parts),
        attempts=DynamoAttemptStore(parts.dynamo, parts.tables, clock),
        ended_sessions=DynamoSessionStore(parts.dynamo, parts.tables, clock),
        passwords=later(_passwords),
        tokens=later(lambda: _tokens(parts)),
        clock=clock,
    )


def account_store(parts: Parts) -> DynamoAccountStore:
    return DynamoAccountStore(parts.dynamo, parts.tables)


def pin_store(parts: Parts) -> DynamoPinStore:
    return DynamoPinStore(parts.dynamo, parts.tables)


def _passwords() -> Passwords:
    from quadrangle.machine.passwords import Argon2Passwords

    return Argon2Passwords()


def _tokens(parts: Parts) -> Tokens:
    from quadrangle.aws.signing_keys import SecretKeys
    from quadrangle.machine.tokens import JwtTokens

    keys = SecretKeys(client("secretsmanager"), parts.environment.signing_keys, parts.clock)
    return JwtTokens(answering(keys.current), parts.environment.public_url, parts.clock)


def answering(keys: CurrentKeys) -> CurrentKeys:
    """Return `keys` for requests: they raise Unavailable for KeysUnusable, its cause.

    Where a person starts a server, keys that cannot be used stop the start and say why. A function
    has nobody there: who asks gets a sentence, and the log, as for all parts that are away, the
    cause. The secret is asked again by every request, so a mended one holds at once.
    """

    def current() -> Sequence[SigningKey]:
        try:
            return keys()
        except KeysUnusable as error:
            raise Unavailable(NO_SIGN_IN, retry_after_s=60) from error

    return current
