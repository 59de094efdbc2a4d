"""Decisions about whose a report is: (state, command, now) -> (state, facts) or an error.

The id of a report is known to all whom it was shown to, so it alone proves nothing: see
docs/decisions/0033.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quadrangle.issues import rules
from quadrangle.issues.model import Issue
from quadrangle.issues.retry_rules import is_senders
from quadrangle.issues.rules import CLAIMED, RELEASED, Decision
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import ANYONE, SYSTEM, Principal

MOST_CLAIMS = 50  # at once: as many as a browser keeps


class Claim(msgspec.Struct, frozen=True):
    """A report that somebody says is theirs; `key` is the Idempotency-Key it was sent with."""

    issue_id: str
    key: str | None = None


def require_claims(claims: Sequence[Claim]) -> None:
    """Raise InvalidInput for too many at once, none, or what cannot be a key."""
    if not 0 < len(claims) <= MOST_CLAIMS:
        raise InvalidInput.at("reports", f"Please send 1 to {MOST_CLAIMS} reports at once.")
    if any(claim.key is not None and not rules.is_key(claim.key) for claim in claims):
        most = rules.MAX_IDEMPOTENCY_KEY
        raise InvalidInput.at("reports", f"A key has 1 to {most} letters, digits and signs.")


def require_account(actor: Principal) -> str:
    """Return the id of the signed-in account. Raises NotSignedIn, or Forbidden for the PIN."""
    if actor.role is None:
        raise NotSignedIn()
    if actor.account_id is None:
        raise Forbidden("This needs an account of one's own; the staff PIN and API keys have none.")
    return actor.account_id


def is_proved(issue: Issue, claim: Claim, address: str | None) -> bool:
    """Tell whether a report that is nobody's may be added to the account of who claims it.

    They either have the key it was sent with, by somebody who did not sign in, or the address that
    news of it go to is that of their account.
    """
    if issue.reporter_id is not None:
        return False
    if claim.key is not None and is_senders(issue.idempotency_key, claim.key, ANYONE):
        return True
    return _is_theirs(issue, address)


def claim(issue: Issue, actor: Principal, address: str | None, now: datetime) -> Decision:
    """Add a report that is nobody's to the actor's account, whose address is given. Who else
    follows it sees nothing.

    An address in it that is not theirs is somebody's who sent it from the same device.
    """
    facts = [rules.fact(CLAIMED, issue, {}, actor, rules.instant(issue, now))]
    others_contact = issue.reporter_email is not None and not _is_theirs(issue, address)
    claimed = rules.written(
        issue, facts, reporter_id=require_account(actor), others_contact=others_contact
    )
    return claimed, facts


def release(issue: Issue, now: datetime, *, keep_contact: bool) -> Decision:
    """Take a report from an account that was closed; and what it says of who reported it, unless
    that is to be kept."""
    facts = [rules.fact(RELEASED, issue, {}, SYSTEM, rules.instant(issue, now))]
    changes: dict[str, object] = {"reporter_id": None, "others_contact": False}
    if not keep_contact:
        changes |= {"reporter_email": None, "reporter_name": None}
    return rules.written(issue, facts, **changes), facts


def _is_theirs(issue: Issue, address: str | None) -> bool:
    given = issue.reporter_email
    return given is not None and address is not None and given.lower() == address.lower()
