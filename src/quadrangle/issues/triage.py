"""What staff does with issues: status, priority, assignment, duplicates."""

import msgspec

from quadrangle.issues import rules
from quadrangle.issues.catalog import Catalogs
from quadrangle.issues.model import Issue, Status
from quadrangle.issues.ports import IssueStore, StaffDirectory
from quadrangle.issues.rules import IssueEdit
from quadrangle.issues.writing import existing, retrying
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.principal import Principal, require_staff


class Triage:
    """Changes issues on behalf of staff."""

    def __init__(
        self, store: IssueStore, catalogs: Catalogs, staff: StaffDirectory, clock: Clock
    ) -> None:
        self._store = store
        self._catalogs = catalogs
        self._staff = staff
        self._clock = clock

    async def set_status(self, issue_id: str, status: Status, actor: Principal) -> Issue:
        """Move the issue to `status`; repeating the present one changes nothing."""
        return await self.edit(issue_id, IssueEdit(status=status), actor)

    async def edit(
        self, issue_id: str, wanted: IssueEdit, actor: Principal, version: int | None = None
    ) -> Issue:
        """Apply the given fields and return the issue.

        With `version`, raises Conflict when the issue was written since. Raises NotSignedIn,
        Forbidden, InvalidInput, NotFound.
        """
        require_staff(actor)
        if isinstance(wanted.assignee_id, str):
            await self._require_staff_member(wanted.assignee_id)

        async def attempt() -> Issue:
            issue = await existing(self._store, issue_id)
            if version is not None and version != issue.version:
                raise Conflict()
            return await self._apply(issue, wanted, actor)

        return await (attempt() if version is not None else retrying(attempt))

    async def _apply(self, issue: Issue, wanted: IssueEdit, actor: Principal) -> Issue:
        original = await self._original(issue, wanted)
        if original is not None:
            wanted = msgspec.structs.replace(wanted, duplicate_of=original.issue_id)
        catalog = await self._catalogs.current()
        edited, facts = rules.edit(issue, wanted, catalog, actor, self._clock.now())
        if facts:
            linked = edited.duplicate_of != issue.duplicate_of
            await self._store.save(edited, facts, original=original if linked else None)
        return edited

    async def _original(self, issue: Issue, wanted: IssueEdit) -> Issue | None:
        """Return what the issue is to be a duplicate of: one that is there and no duplicate."""
        if not isinstance(wanted.duplicate_of, str):
            return None
        try:
            original = await existing(self._store, wanted.duplicate_of)
            seen = {issue.issue_id}
            while original.duplicate_of is not None and original.issue_id not in seen:
                seen.add(original.issue_id)
                original = await existing(self._store, original.duplicate_of)
        except NotFound as error:
            raise InvalidInput.at("duplicateOf", "There is no issue with that id.") from error
        rules.require_original(issue, original)
        rules.require_no_duplicates(await self._store.has_duplicates(issue.issue_id))
        return original

    async def _require_staff_member(self, account_id: str) -> None:
        if not await self._staff.is_active_staff(account_id):
            raise InvalidInput.at("assigneeId", "There is no active staff member with that id.")
