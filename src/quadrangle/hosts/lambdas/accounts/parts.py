"""The account service of a function. Apart from the other parts, as reactions do without.

A library that only some calls about accounts need (for second factors, say) belongs behind `later`
here, imported by the function that makes the part: it then slows no start.
"""

import functools
from typing import TYPE_CHECKING

from quadrangle.accounts.own.passkey_ports import Ceremonies
from quadrangle.accounts.own.states import StateTokens
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.secrets.ports import Passwords, Sealer
from quadrangle.accounts.service import AccountParts, AccountService
from quadrangle.accounts.tokens.ports import Tokens
from quadrangle.aws.accounts.api_keys import DynamoApiKeys
from quadrangle.aws.accounts.attempts import DynamoAttemptStore
from quadrangle.aws.accounts.identities import DynamoIdentityStore
from quadrangle.aws.accounts.passkeys import DynamoPasskeyStore
from quadrangle.aws.accounts.recovery_codes import DynamoRecoveryCodes
from quadrangle.aws.accounts.request_counter import DynamoRequestCounter
from quadrangle.aws.accounts.sessions import DynamoSessionStore, DynamoUsedTokens
from quadrangle.hosts.lambdas.accounts.outside_issuers import OutsideIssuers
from quadrangle.hosts.lambdas.accounts.stores import (
    account_store,
    credentials,
    link_tokens,
    pin_store,
    signing_keys,
)
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.services import SCOPES
from quadrangle.hosts.shared.account_policy import policy_of
from quadrangle.kernel.lazily import lazily

if TYPE_CHECKING:
    from quadrangle.accounts.tokens.signing_keys import CurrentKeys


def account_service(parts: FunctionParts) -> AccountService:
    """Return it. What signs tokens and compares passwords is imported with the first of them."""
    clock, dynamo, tables = parts.clock, parts.dynamo, parts.tables
    policy, outside = account_policy(parts), OutsideIssuers(parts)
    keys = functools.cache(lambda: signing_keys(parts))  # asked for once, by whatever signs first
    return AccountService(
        AccountParts(
            accounts=account_store(parts),
            pins=pin_store(parts),
            attempts=DynamoAttemptStore(dynamo, tables, clock),
            sessions=DynamoSessionStore(dynamo, tables),
            used_tokens=DynamoUsedTokens(dynamo, tables),
            recovery_codes=DynamoRecoveryCodes(dynamo, tables),
            passkeys=DynamoPasskeyStore(dynamo, tables),
            ceremonies=lazily(lambda: _ceremonies(policy)),
            state_tokens=lazily(lambda: _state_tokens(parts, keys())),
            identities=DynamoIdentityStore(dynamo, tables),
            flow_sealer=lazily(lambda: _flow_sealer(keys())),
            api_keys=DynamoApiKeys(dynamo, tables),
            request_counter=DynamoRequestCounter(dynamo, tables),
            passwords=lazily(_passwords),
            credentials=credentials(parts),
            tokens=lazily(lambda: _tokens(parts, keys(), outside)),
            outside_issuers=outside.sign_in,
            link_tokens=lazily(lambda: link_tokens(parts, keys())),
            clock=clock,
            policy=policy,
            scopes=SCOPES,
        )
    )


def account_policy(parts: FunctionParts) -> AccountPolicy:
    settings = parts.environment
    return policy_of(
        settings.sign_up,
        settings.sign_up_domains.split(","),
        settings.two_factor,
        settings.pin_sign_in,
        settings.public_url,
    )


def _passwords() -> Passwords:
    from quadrangle.portable.tokens.passwords import Argon2Passwords

    return Argon2Passwords()


def _ceremonies(policy: AccountPolicy) -> Ceremonies:
    from quadrangle.portable.tokens.webauthn_ceremonies import WebAuthnCeremonies

    return WebAuthnCeremonies(policy.public_url, policy.issuer_name)


def _tokens(parts: FunctionParts, keys: "CurrentKeys", outside: OutsideIssuers) -> Tokens:
    from quadrangle.portable.tokens.tokens import JwtTokens

    return JwtTokens(keys, parts.environment.public_url, parts.clock, outside.believed())


def _state_tokens(parts: FunctionParts, keys: "CurrentKeys") -> StateTokens:
    from quadrangle.portable.tokens.state_tokens import JwtStateTokens

    return JwtStateTokens(keys, parts.environment.public_url, parts.clock)


def _flow_sealer(keys: "CurrentKeys") -> Sealer:
    from quadrangle.portable.tokens.sealing import SigningKeySealer

    return SigningKeySealer(keys)
