"""Replies everyone on an issue may read, notes for staff, and what happened when."""

import msgspec

from quadrangle.issues import rules
from quadrangle.issues.model import Comment, Issue, Photo
from quadrangle.issues.ports import IssueStore
from quadrangle.issues.writing import existing, retrying
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, require_staff


class Thread(msgspec.Struct, frozen=True):
    """All that belongs to one issue."""

    issue: Issue
    entries: list[Comment]
    history: list[Change]
    photos: list[Photo]
    duplicates: list[Issue]


class Conversation:
    """Adds to and reads the conversation of an issue."""

    def __init__(self, store: IssueStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def reply(self, issue_id: str, text: str, actor: Principal) -> Comment:
        """Add a public reply. Whoever holds the id may. Raises InvalidInput, NotFound."""
        return await self._add(issue_id, "reply", text, actor)

    async def note(self, issue_id: str, text: str, actor: Principal) -> Comment:
        """Add an internal note. Raises NotSignedIn, Forbidden, InvalidInput, NotFound."""
        require_staff(actor)
        return await self._add(issue_id, "note", text, actor)

    async def _add(self, issue_id: str, kind: str, text: str, actor: Principal) -> Comment:
        async def attempt() -> Comment:
            issue = await existing(self._store, issue_id)
            # when staff last wrote a note shows in nothing that a reply could go by
            before = await self._store.conversation(issue_id) if kind == "note" else []
            since = before[-1].at if before else ""
            written, entry, facts = rules.comment(
                issue, new_id(), kind, text, actor, self._clock.now(), since
            )
            await self._store.save(written, facts, comment=entry)
            return entry

        return await retrying(attempt)

    async def public(self, issue_id: str) -> Thread:
        """Return what the holder of the id may see: replies, photos, and moves of the status."""
        issue = await existing(self._store, issue_id)
        entries = await self._store.conversation(issue_id) if issue.version > 1 else []
        photos = await self._store.photos(issue_id) if issue.photo_count else []
        history = await self._store.history(issue_id)
        return Thread(
            issue=issue,
            entries=[entry for entry in entries if entry.kind == "reply"],
            history=[c for c in history if c.kind in rules.PUBLIC_KINDS],
            photos=photos,
            duplicates=[],
        )

    async def whole(self, issue_id: str, actor: Principal) -> Thread:
        """Return everything, for staff. Raises NotSignedIn, Forbidden, NotFound."""
        require_staff(actor)
        issue = await existing(self._store, issue_id)
        return Thread(
            issue=issue,
            entries=await self._store.conversation(issue_id),
            history=await self._store.history(issue_id),
            photos=await self._store.photos(issue_id),
            duplicates=await self._store.duplicates(issue_id),
        )
