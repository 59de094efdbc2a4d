"""The account service of a function. Apart from the other parts, as reactions do without."""

from functools import cache

from quadrangle.accounts.service import AccountService
from quadrangle.aws.clients import client
from quadrangle.aws.sign_ins import DynamoAttemptStore, DynamoSessionStore
from quadrangle.aws.signing_keys import SecretKeys
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.machine.passwords import Argon2Passwords
from quadrangle.machine.tokens import JwtTokens


def account_service(parts: Parts) -> AccountService:
    """Return it. The signing keys are fetched with the first token."""
    environment, clock = parts.environment, parts.clock

    @cache
    def keys() -> SecretKeys:
        return SecretKeys(client("secretsmanager"), environment.signing_keys, clock)

    return AccountService(
        accounts=parts.account_store,
        pins=parts.pins,
        attempts=DynamoAttemptStore(parts.dynamo, parts.tables, clock),
        ended_sessions=DynamoSessionStore(parts.dynamo, parts.tables, clock),
        passwords=Argon2Passwords(),
        tokens=JwtTokens(lambda: keys().current(), environment.public_url, clock),
        clock=clock,
    )
