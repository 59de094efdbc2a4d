"""What the audit calls that of which records tell: people, and what services keep, by its title."""

from collections.abc import Awaitable, Callable, Mapping

from quadrangle.audit.ports import AuditNames

TitleOf = Callable[[str], Awaitable[str | None]]


class RecordNames:
    """Implements audit.ports.AuditNames: `titles` by what the kinds of records begin with, and
    `people` for all others."""

    def __init__(self, people: AuditNames, titles: Mapping[str, TitleOf]) -> None:
        self._people = people
        self._titles = titles

    async def of_actor(self, actor_id: str) -> str:
        return await self._people.of_actor(actor_id)

    async def of_subject(self, kind: str, subject: str) -> str | None:
        title_of = self._titles.get(kind.partition(".")[0])
        if title_of is None:
            return await self._people.of_subject(kind, subject)
        return await title_of(subject)
