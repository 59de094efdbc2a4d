"""The account service of a function. Apart from the other parts, as reactions do without.

A library that only some calls about accounts need (for second factors, say) belongs behind `later`
here, imported by the function that makes the part: it then slows no start.
"""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quadrangle.accounts.credential_ports import Passwords
from quadrangle.accounts.links import LinkTokens
from quadrangle.accounts.passkey_ports import Ceremonies
from quadrangle.accounts.policy import Policy
from quadrangle.accounts.ports import KeysUnusable, Tokens
from quadrangle.accounts.service import AccountParts, AccountService
from quadrangle.accounts.states import StateTokens
from quadrangle.aws.accounts import DynamoAccountStore
from quadrangle.aws.api_keys import DynamoApiKeys
from quadrangle.aws.attempts import DynamoAttemptStore
from quadrangle.aws.audit import DynamoAudit
from quadrangle.aws.clients import client, client_later
from quadrangle.aws.cognito import CognitoCredentials
from quadrangle.aws.enrolments import Enrolments
from quadrangle.aws.passkeys import DynamoPasskeyStore
from quadrangle.aws.pins import DynamoPinStore
from quadrangle.aws.recovery_codes import DynamoRecoveryCodes
from quadrangle.aws.request_counter import DynamoRequestCounter
from quadrangle.aws.sessions import DynamoSessionStore, DynamoUsedTokens
from quadrangle.aws.user_pool import UserPool
from quadrangle.hosts.account_policy import policy_of
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.later import later

if TYPE_CHECKING:
    from quadrangle.accounts.signing_keys import CurrentKeys, SigningKey

NO_SIGN_IN = (
    "Nobody can sign in or act as signed in just now. "
    "Please try again later, or tell those who run this service."
)


def account_service(parts: Parts) -> AccountService:
    """Return it. What signs tokens and compares passwords is imported with the first of them."""
    clock, dynamo, tables = parts.clock, parts.dynamo, parts.tables
    policy = _policy(parts)
    keys = functools.cache(lambda: _keys(parts))  # asked for once, by whatever signs first
    return AccountService(
        AccountParts(
            accounts=account_store(parts),
            pins=pin_store(parts),
            attempts=DynamoAttemptStore(dynamo, tables, clock),
            sessions=DynamoSessionStore(dynamo, tables),
            used_tokens=DynamoUsedTokens(dynamo, tables),
            recovery_codes=DynamoRecoveryCodes(dynamo, tables),
            passkeys=DynamoPasskeyStore(dynamo, tables),
            ceremonies=later(lambda: _ceremonies(policy)),
            state_tokens=later(lambda: _state_tokens(parts, keys())),
            api_keys=DynamoApiKeys(dynamo, tables),
            request_counter=DynamoRequestCounter(dynamo, tables),
            audit=DynamoAudit(dynamo, tables),
            acts=parts.acts,
            passwords=later(_passwords),
            credentials=credentials(parts),
            tokens=later(lambda: _tokens(parts, keys())),
            link_tokens=later(lambda: _link_tokens(parts, keys())),
            clock=clock,
            policy=policy,
        )
    )


def account_store(parts: Parts) -> DynamoAccountStore:
    return DynamoAccountStore(parts.dynamo, parts.tables)


def pin_store(parts: Parts) -> DynamoPinStore:
    return DynamoPinStore(parts.dynamo, parts.tables)


def credentials(parts: Parts) -> CognitoCredentials:
    """Return what keeps passwords."""
    return CognitoCredentials(
        user_pool(parts),
        account_store(parts),
        Enrolments(parts.dynamo, parts.tables),
        DynamoUsedTokens(parts.dynamo, parts.tables),
        parts.clock,
    )


def user_pool(parts: Parts) -> UserPool:
    settings = parts.environment
    return UserPool(client_later("cognito-idp"), settings.user_pool, settings.user_pool_client)


def _policy(parts: Parts) -> Policy:
    settings = parts.environment
    domains = settings.sign_up_domains.split(",")
    return policy_of(settings.sign_up, domains, settings.two_factor, settings.public_url)


def _passwords() -> Passwords:
    from quadrangle.machine.passwords import Argon2Passwords

    return Argon2Passwords()


def _ceremonies(policy: Policy) -> Ceremonies:
    from quadrangle.machine.webauthn_ceremonies import WebAuthnCeremonies

    return WebAuthnCeremonies(policy.public_url, policy.issuer_name)


def _tokens(parts: Parts, keys: "CurrentKeys") -> Tokens:
    from quadrangle.machine.tokens import JwtTokens

    return JwtTokens(keys, parts.environment.public_url, parts.clock)


def _link_tokens(parts: Parts, keys: "CurrentKeys") -> LinkTokens:
    from quadrangle.machine.link_tokens import JwtLinkTokens

    return JwtLinkTokens(keys, parts.environment.public_url, parts.clock)


def _state_tokens(parts: Parts, keys: "CurrentKeys") -> StateTokens:
    from quadrangle.machine.state_tokens import JwtStateTokens

    return JwtStateTokens(keys, parts.environment.public_url, parts.clock)


def _keys(parts: Parts) -> "CurrentKeys":
    from quadrangle.aws.signing_keys import SecretKeys

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
