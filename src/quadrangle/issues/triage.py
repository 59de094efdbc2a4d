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
            return await self._apply(issue, await self._resolve_link(issue, wanted), actor)

        return await (attempt() if version is not None else retrying(attempt))

    async def _apply(self, issue: Issue, wanted: IssueEdit, actor: Principal) -> Issue:
        catalog = await self._catalogs.current()
        edited, facts = rules.edit(issue, wanted, catalog, actor, self._clock.now())
        if facts:
            await self._store.save(edited, facts)
        return edited

    async def _resolve_link(self, issue: Issue, wanted: IssueEdit) -> IssueEdit:
        """Point a link at an issue that exists and is no duplicate itself."""
        if not isinstance(wanted.duplicate_of, str):
            return wanted
        try:
            original = await existing(self._store, wanted.duplicate_of)
        except NotFound as error:
            raise InvalidInput.at("duplicateOf", "There is no issue with that id.") from error
        target = rules.link_target(issue, original)
        rules.require_no_duplicates(len(await self._store.duplicates(issue.issue_id)))
        return msgspec.structs.replace(wanted, duplicate_of=target)

    async def _require_staff_member(self, account_id: str) -> None:
        if not await self._staff.is_active_staff(account_id):
            raise InvalidInput.at("assigneeId", "There is no active staff member with that id.")
