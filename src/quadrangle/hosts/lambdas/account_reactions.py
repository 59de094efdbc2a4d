"""The reactions of the account service, and the mirror of accounts in the user pool."""

from quadrangle.accounts.links import Links
from quadrangle.accounts.reactions import AccountReactions
from quadrangle.aws.mirror import PoolMirror
from quadrangle.hosts.lambdas.account_parts import account_service, account_store, user_pool
from quadrangle.hosts.lambdas.parts import Parts
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue


def account_reactions(parts: Parts, outbox: MailQueue) -> list[Reaction]:
    """Return them."""
    service = account_service(parts)
    links: Links = service.links
    store = account_store(parts)
    reactions = AccountReactions(store, outbox, links, service.erasers, parts.clock)
    return [*reactions.all(), *PoolMirror(user_pool(parts), store).all()]
