"""What happens when an issue changed: mails, and duplicates that follow their original; and what
becomes of a member's issues when their account is closed.

Each may be called again for the same change: a mail's key names the change and the recipient, and
a duplicate that already followed is left as it is.
"""

from quadrangle.issues import mails, rules
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.model import Status
from quadrangle.issues.ports import IssueQuery, IssueStore
from quadrangle.issues.rules import IssueEdit
from quadrangle.issues.triage import Triage
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.mail import MailQueue
from quadrangle.kernel.principal import Principal, Role

# Acts for staff when a duplicate follows its original.
FOLLOWER = Principal("Quadrangle", Role.STAFF)
# Stands where a name was whose account was closed.
FORMER = "Former member"


class IssueReactions:
    """The reactions of the issue service."""

    def __init__(
        self,
        store: IssueStore,
        mail: MailQueue,
        triage: Triage,
        links: IssueLinks,
        admin_address: str,
    ) -> None:
        self._store = store
        self._mail = mail
        self._triage = triage
        self._links = links
        self._admin_address = admin_address

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            Reaction("issues.mail-report", frozenset({"issue.reported"}), self.mail_report),
            Reaction("issues.mail-status", frozenset({"issue.status-changed"}), self.mail_status),
            Reaction("issues.mail-reply", frozenset({"issue.replied"}), self.mail_reply),
            Reaction(
                "issues.follow-original",
                frozenset({"issue.status-changed", "issue.linked"}),
                self.follow_original,
            ),
            Reaction("issues.forget-member", frozenset({"account.closed"}), self.forget_member),
        ]

    async def mail_report(self, change: Change) -> None:
        """Confirm to the reporter, where an address was given, and alert the admin address.

        Where more came with that address than it is written to, it is told so once a day.
        """
        issue = await self._store.get(change.subject)
        if issue is None:
            return
        written = [mails.alert(issue, change, self._links, self._admin_address)]
        if issue.reporter_email:
            write = mails.many if change.data.get(rules.UNMAILED) else mails.confirmation
            written.append(write(issue, change, self._links))
        await self._mail.enqueue(*written)

    async def mail_status(self, change: Change) -> None:
        """Tell the reporter that the status changed."""
        issue = await self._store.get(change.subject)
        if issue is not None and issue.reporter_email:
            await self._mail.enqueue(mails.status_note(issue, change, self._links))

    async def mail_reply(self, change: Change) -> None:
        """Send a public reply to the other side: staff's to the reporter, and the other way."""
        issue = await self._store.get(change.subject)
        if issue is None:
            return
        entries = await self._store.conversation(change.subject)
        entry = next((e for e in entries if e.entry_id == change.data["entryId"]), None)
        if entry is None:
            return
        if entry.author_role == "reporter":
            note = mails.reporter_reply_note(issue, entry, change, self._links, self._admin_address)
            await self._mail.enqueue(note)
        elif issue.reporter_email:
            await self._mail.enqueue(mails.reply_note(issue, entry, change, self._links))

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

    async def forget_member(self, change: Change) -> None:
        """Take the name of a closed account from what it wrote and did, and its open issues too,
        so that someone else takes them."""
        account_id = change.subject
        for status in (Status.OPEN, Status.IN_PROGRESS):
            query = IssueQuery(status=status, assignee_id=account_id)
            assigned = [issue.issue_id async for issue in self._store.stream(query)]
            for issue_id in assigned:
                await self._release(issue_id, account_id)
        await self._store.rename_author(account_id, FORMER)

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
