"""What becomes of somebody's courses, and of their places in others', when an account is closed.

May be called again for the same change: it does what is left to do.
"""

import contextlib

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import SYSTEM
from quadrangle.videos.courses import rules, teaching_rules
from quadrangle.videos.courses.ports import CourseStore

_TRIES = 5


class CourseReactions:
    """The reactions of courses."""

    def __init__(self, store: CourseStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        kinds = frozenset({"account.closed"})
        return [Reaction("videos.forget-course-member", kinds, self.forget_member)]

    async def forget_member(self, change: Change) -> None:
        """Take a closed account off videos and courses; courses of its own that have videos play
        on, another teacher's or without its name; empty ones that nobody else teaches go.

        Raises Conflict, Unavailable.
        """
        account_id = change.subject
        await self._store.forget_person(account_id, self._clock.now())
        for course in await self._store.owned(account_id):
            await self._let_go(course.course_id, account_id)

    async def _let_go(self, course_id: str, account_id: str) -> None:
        for _ in range(_TRIES):
            course = await self._store.get(course_id)
            if course is None or account_id not in course.teacher_ids:
                return
            now = self._clock.now()
            if len(course.teacher_ids) == 1 and not course.videos:
                gone = rules.record(rules.DELETED, course, now, SYSTEM)
                await self._store.delete(course, [gone], now)
                return
            if len(course.teacher_ids) == 1:
                after, told = rules.ownerless(course, now)
            else:
                after, told = teaching_rules.without(course, account_id, now)
            with contextlib.suppress(Conflict):  # it was saved in between
                await self._store.save(after, [told], now)
                return
        raise Conflict()
