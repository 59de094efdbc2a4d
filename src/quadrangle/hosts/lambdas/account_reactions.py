"""The reactions of the account service, and the mirror of accounts in the user pool."""

from quadrangle.accounts.links import Links
from quadrangle.accounts.ports import Eraser
from quadrangle.accounts.reactions import AccountReactions
from quadrangle.accounts.recovery import Recovery
from quadrangle.aws.identities import DynamoIdentityStore
from quadrangle.aws.mirror import PoolMirror
from quadrangle.aws.passkeys import DynamoPasskeyStore
from quadrangle.aws.recovery_codes import DynamoRecoveryCodes
from quadrangle.aws.sessions import DynamoSessionStore
from quadrangle.hosts.lambdas.account_stores import (
    account_store,
    link_tokens,
    signing_keys,
    user_pool,
)
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.later import later
from quadrangle.kernel.mail import MailQueue


def account_reactions(parts: Parts, outbox: MailQueue) -> list[Reaction]:
    """Return them."""
    tokens = later(lambda: link_tokens(parts, signing_keys(parts)))
    links = Links(tokens, parts.environment.public_url, parts.clock)
    store = account_store(parts)
    reactions = AccountReactions(store, outbox, links, _erasers(parts), parts.clock)
    return [*reactions.all(), *PoolMirror(user_pool(parts), store).all()]


def _erasers(parts: Parts) -> list[Eraser]:
    """Return what removes all that stores keep of a closed account beside itself."""
    sessions = DynamoSessionStore(parts.dynamo, parts.tables)

    async def end_sessions(account_id: str) -> None:
        await sessions.end_all(account_id, [])

    recovery = Recovery(DynamoRecoveryCodes(parts.dynamo, parts.tables))
    passkeys = DynamoPasskeyStore(parts.dynamo, parts.tables)
    identities = DynamoIdentityStore(parts.dynamo, parts.tables)
    return [recovery.forget, passkeys.forget, end_sessions, identities.remove_all]
