"""What happens when an issue changed: mails, and duplicates that follow their original; and what
becomes of a member's issues when they are no staff any more, or their account is closed.

Each may be called again for the same change: a mail's key names the change and the recipient, and
a duplicate that already followed is left as it is.
"""

from datetime import timedelta

from quadrangle.issues import mails
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.occasions import Found, Occasion, Occasions, Wanted
from quadrangle.issues.own_reports import OwnReports
from quadrangle.issues.ports import IssueQuery, IssueStore, StaffDirectory
from quadrangle.issues.rules import IssueEdit
from quadrangle.issues.status_moves import STATUS_CHANGED
from quadrangle.issues.triage import Triage
from quadrangle.kernel.change import Change, Reaction, in_parts
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.mail import MailQueue
from quadrangle.kernel.principal import Principal, Role

# Acts for staff when a duplicate follows its original.
FOLLOWER = Principal("Quadrangle", Role.STAFF)
# Stands where a name was whose account was closed.
FORMER = "Former member"
RELEASED_AT_ONCE = 25  # of their issues, with each part
_MORE = "more"
_NAMES, _REPORTS = "names", "reports"  # the steps of forgetting a member, in order
# In which a change of status, or of who looks after it, can be undone before anybody is told.
STATUS_WAIT = timedelta(minutes=1)


class IssueReactions:
    """The reactions of the issue service."""

    def __init__(
        self,
        store: IssueStore,
        mail: MailQueue,
        triage: Triage,
        staff: StaffDirectory,
        own_reports: OwnReports,
        links: IssueLinks,
        admin_address: str,
        clock: Clock,
        status_wait: timedelta = STATUS_WAIT,
    ) -> None:
        self._store = store
        self._mail = mail
        self._triage = triage
        self._staff = staff
        self._own_reports = own_reports
        self._links = links
        self._admin_address = admin_address
        self.occasions = Occasions(links, admin_address, clock, status_wait)

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            *map(self._telling, self.occasions.all()),
            Reaction(
                "issues.follow-original",
                frozenset({STATUS_CHANGED, "issue.linked"}),
                self.follow_original,
            ),
            in_parts(
                "issues.release",
                frozenset({"account.changed", "account.closed"}),
                self.release,
                _may_end_service,
            ),
            in_parts("issues.forget-member", frozenset({"account.closed"}), self.forget_member),
        ]

    def _telling(self, occasion: Occasion) -> Reaction:
        async def tell(change: Change) -> None:
            await self._tell(occasion, change)

        return Reaction(occasion.name, occasion.kinds, tell, occasion.picks)

    async def _tell(self, occasion: Occasion, change: Change) -> None:
        """Write the mails of one change. Raises RetryLater while it is too early."""
        issue = await self._store.get(change.subject)
        wanted = None if issue is None else occasion.wanted(change, issue)
        if issue is None or wanted is None:
            return
        written = occasion.write(change, issue, await self._found(issue, wanted))
        if written:
            await self._mail.enqueue(*written)

    async def _found(self, issue: Issue, wanted: Wanted) -> Found:
        history = await self._store.history(issue.issue_id) if wanted.history else []
        entries = await self._store.conversation(issue.issue_id) if wanted.entry_id else []
        entry = next((e for e in entries if e.entry_id == wanted.entry_id), None)
        assignee = wanted.assignee_id
        address = None if assignee is None else await self._staff.address_of(assignee)
        return Found(history, entry, address)

    async def follow_original(self, change: Change) -> None:
        """Give duplicates the status of the issue they are linked to."""
        issue = await self._store.get(change.subject)
        if issue is None:
            return
        if change.kind == "issue.linked":
            original = await self._store.get(issue.duplicate_of) if issue.duplicate_of else None
            followers, status = ([issue], original.status) if original else ([], Status.OPEN)
        else:
            followers, status = await self._store.duplicates(issue.issue_id), issue.status
        for follower in followers:
            await self._follow(follower.issue_id, status)

    async def release(self, change: Change, place: str | None) -> str | None:
        """Take the open issues of who is no staff any more from them, so that someone else takes
        them, and tell staff which.

        It is a part of them (see kernel.change.Part), none of which is theirs any more afterwards.
        """
        account_id = change.subject
        if await self._staff.is_active_staff(account_id):
            return None
        assigned = [
            issue
            for status in (Status.OPEN, Status.IN_PROGRESS)
            async for issue in self._store.stream(IssueQuery(status=status, assignee_id=account_id))
        ]
        if not assigned:
            return None
        if place is None:
            # first: called again after breaking off, this would know of fewer
            note = mails.released(assigned, change, self._links, self._admin_address)
            await self._mail.enqueue(note)
        for issue in assigned[:RELEASED_AT_ONCE]:
            await self._release(issue.issue_id, account_id)
        return _MORE if len(assigned) > RELEASED_AT_ONCE else None

    async def forget_member(self, change: Change, place: str | None) -> str | None:
        """Take the name of a closed account from what it wrote and did, then its reports from it.

        It is a part in either (see kernel.change.Part).
        """
        step, _, behind = (place or _NAMES).partition(" ")
        if step == _NAMES:
            left = await self._store.rename_author(change.subject, FORMER, behind or None)
            return _REPORTS if left is None else f"{_NAMES} {left}"
        left = await self._own_reports.release_some(change.subject, FORMER, behind or None)
        return None if left is None else f"{_REPORTS} {left}"

    async def _release(self, issue_id: str, account_id: str) -> None:
        issue = await self._store.get(issue_id)
        if issue is not None and issue.assignee_id == account_id:
            wanted = IssueEdit(assignee_id=None)
            await self._triage.edit(issue_id, wanted, FOLLOWER, version=issue.version)

    async def _follow(self, issue_id: str, status: Status) -> None:
        try:
            await self._triage.edit(issue_id, IssueEdit(status=status), FOLLOWER)
        except NotFound:
            return


def _may_end_service(change: Change) -> bool:
    """Tell whether somebody may be no staff any more by a change of their account."""
    return change.kind == "account.closed" or change.data.get("field") in ("role", "active")
