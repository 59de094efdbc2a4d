"""The reactions of the account service, and the mirror of accounts in the user pool."""

from quadrangle.accounts.joining.erasing import erasers
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.ports import Eraser
from quadrangle.accounts.reactions import AccountReactions
from quadrangle.aws.accounts.identities import DynamoIdentityStore
from quadrangle.aws.accounts.mirror import PoolMirror
from quadrangle.aws.accounts.passkeys import DynamoPasskeyStore
from quadrangle.aws.accounts.recovery_codes import DynamoRecoveryCodes
from quadrangle.aws.accounts.sessions import DynamoSessionStore
from quadrangle.hosts.lambdas.accounts.stores import (
    account_store,
    link_tokens,
    signing_keys,
    user_pool,
)
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.clock import zone_of
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.mail import MailQueue


def account_reactions(parts: FunctionParts, outbox: MailQueue) -> list[Reaction]:
    """Return them."""
    tokens = lazily(lambda: link_tokens(parts, signing_keys(parts)))
    zone = zone_of(parts.environment.time_zone)
    links = AccountLinks(tokens, parts.environment.public_url, parts.clock, zone)
    store = account_store(parts)
    reactions = AccountReactions(store, outbox, links, _erasers(parts), parts.clock)
    return [*reactions.all(), *PoolMirror(user_pool(parts), store).all()]


def _erasers(parts: FunctionParts) -> list[Eraser]:
    """Return what removes all that stores keep of a closed account beside itself."""
    dynamo, tables = parts.dynamo, parts.tables
    return erasers(
        DynamoSessionStore(dynamo, tables),
        DynamoRecoveryCodes(dynamo, tables),
        DynamoPasskeyStore(dynamo, tables),
        DynamoIdentityStore(dynamo, tables),
    )
