"""The account service of a function. Apart from the other parts, as reactions do without.

A library that only some calls about accounts need (for second factors, say) belongs behind `later`
here, imported by the function that makes the part: it then slows no start.
"""

from quadrangle.accounts.ports import Passwords, Tokens
from quadrangle.accounts.service import AccountService
from quadrangle.aws.accounts import DynamoAccountStore, DynamoPinStore
from quadrangle.aws.clients import client
from quadrangle.aws.sign_ins import DynamoAttemptStore, DynamoSessionStore
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.kernel.later import later


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
    return JwtTokens(keys.current, parts.environment.public_url, parts.clock)
