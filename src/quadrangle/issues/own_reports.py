"""The reports of an account: listed for their owner, added later, released when it is closed."""

from collections.abc import Sequence

from quadrangle.issues import owner_rules
from quadrangle.issues.model import Issue
from quadrangle.issues.owner_rules import Claim, require_account
from quadrangle.issues.ports import IssueStore, MemberDirectory
from quadrangle.issues.writing import existing, retrying
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal

RELEASED_AT_ONCE = 25  # some seconds on DynamoDB, where a call has a minute for ten such jobs


class OwnReports:
    """Answers for what people reported themselves."""

    def __init__(self, store: IssueStore, members: MemberDirectory, clock: Clock) -> None:
        self._store = store
        self._members = members
        self._clock = clock

    async def page(self, limit: int, cursor: str | None, actor: Principal) -> Page[Issue]:
        """Return one's own reports, newest first. Raises NotSignedIn, Forbidden, InvalidInput."""
        return await self._store.page_of_reporter(require_account(actor), limit, cursor)

    async def claim(self, claims: Sequence[Claim], actor: Principal) -> list[str]:
        """Add reports that were made without signing in to one's account.

        Returns the ids of those that are one's own now, also if they were before. Why another is
        not, nobody learns: whose it is, is not theirs to know. Raises NotSignedIn, Forbidden,
        InvalidInput.
        """
        account_id = require_account(actor)
        owner_rules.require_claims(claims)
        address = await self._members.address_of(account_id)
        return [claim.issue_id for claim in claims if await self._is_taken(claim, address, actor)]

    async def release_some(self, account_id: str, name: str, cursor: str | None) -> str | None:
        """Take reports from an account that was closed, whose owner is called `name` now: some
        beyond a cursor. Return that of the next, None at the end.

        What they gave of themselves in it goes too. It stays where staff reported: they may have
        said how to reach somebody else; and where it is another's who sent it. Safe to repeat.
        """
        was_staff = await self._members.was_staff(account_id)
        page = await self._store.page_of_reporter(account_id, RELEASED_AT_ONCE, cursor)
        for issue in page.items:
            await self._release(issue.issue_id, account_id, name, was_staff=was_staff)
        return page.next_cursor

    async def _release(self, issue_id: str, account_id: str, name: str, *, was_staff: bool) -> None:
        async def attempt() -> None:
            issue = await existing(self._store, issue_id)
            if issue.reporter_id != account_id:
                return
            keep_contact = was_staff or issue.others_contact
            if issue.reporter_name is not None and not keep_contact:
                # first: once the report is released, nobody knows the name
                await self._store.rename_reporter(issue_id, issue.reporter_name, name)
            released, facts = owner_rules.release(
                issue, self._clock.now(), keep_contact=keep_contact
            )
            await self._store.save(released, facts, released_from=account_id)

        await retrying(attempt)

    async def _is_taken(self, claim: Claim, address: str | None, actor: Principal) -> bool:
        async def attempt() -> bool:
            issue = await self._store.get(claim.issue_id) if is_id(claim.issue_id) else None
            if issue is None:
                return False
            if issue.reporter_id == actor.account_id:
                return True
            if not owner_rules.is_proved(issue, claim, address):
                return False
            taken, facts = owner_rules.claim(issue, actor, address, self._clock.now())
            await self._store.save(taken, facts)
            return True

        return await retrying(attempt)
