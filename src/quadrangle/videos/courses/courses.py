"""Courses made, shown, changed and deleted, by whoever may."""

from collections.abc import Callable, Sequence

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import (
    Conflict,
    FieldError,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
)
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import is_email
from quadrangle.videos.courses import rules
from quadrangle.videos.courses.model import Course, CourseQuery
from quadrangle.videos.courses.ports import CourseStore
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Video
from quadrangle.videos.rules import require_account, require_sharable
from quadrangle.videos.sharing.model import Person
from quadrangle.videos.sharing.ports import People
from quadrangle.videos.sharing.rules import nobody_has

_TRIES = 5
_MISSING = "Course not found"
# Returns a course as it is after a change, and what tells of it; it may be called more than once.
Changing = Callable[[Course], tuple[Course, Change]]


class Shown(msgspec.Struct, frozen=True):
    """A course as somebody sees it: the videos in it that they may see, in their order, and which
    of them they have seen."""

    course: Course
    videos: list[Video]
    seen: set[int]


class Courses:
    """What can be done with courses. Raises NotSignedIn, Forbidden, NotFound, Unavailable."""

    def __init__(self, store: CourseStore, gallery: Gallery, people: People, clock: Clock) -> None:
        self._store = store
        self._gallery = gallery
        self._people = people
        self._clock = clock

    async def page(
        self, who: Principal, *, mine: bool, everything: bool, offset: int, limit: int
    ) -> tuple[list[Course], int]:
        """Return some of the courses they may see, by title, and how many there are; those of
        others that are not for them only where staff asks for `everything`."""
        if mine or everything:
            require_account(who)
        if everything and not who.is_staff:
            raise Forbidden("All courses are listed for staff.")
        query = CourseQuery(
            everything=everything,
            campus=who.role is not None,
            account_id=who.account_id,
            only_own=mine,
        )
        return await self._store.page(query, offset, limit)

    async def make(self, edit: rules.CourseEdit, who: Principal) -> Course:
        """Make a course. Raises InvalidInput too."""
        course, change = rules.made(new_id(), edit, self._clock.now(), who)
        await self._store.add(course, [change])
        return course

    async def get(self, course_id: str, who: Principal) -> Course:
        """Return a course that they may see."""
        course = await self._store.get(course_id) if is_id(course_id) else None
        if course is None or not await self.may_see(course, who):
            raise NotFound(_MISSING)
        return course

    async def may_see(self, course: Course, who: Principal) -> bool:
        """Tell whether a course is for them."""
        if rules.may_see(course, who, is_member=False):
            return True
        if who.account_id is None:
            return False
        is_member = await self._store.is_member(course.course_id, who.account_id)
        return rules.may_see(course, who, is_member=is_member)

    async def show(self, course_id: str, who: Principal) -> Shown:
        """Return a course with what in it is for them."""
        course = await self.get(course_id, who)
        videos = await self._gallery.seen_by(course.videos, who)
        account = who.account_id
        seen = await self._store.seen(account, course.videos) if account else set[int]()
        return Shown(course, videos, seen)

    async def change(
        self,
        course_id: str,
        edit: rules.CourseEdit,
        who: Principal,
        version: int | None = None,
    ) -> Course:
        """Change what is said of a course, and who may see it. Raises InvalidInput too, and
        Conflict when it was changed since a `version`."""

        def change(course: Course) -> tuple[Course, Change]:
            rules.require_version(course, version)
            return rules.edited(course, edit, self._clock.now(), who)

        return await self._saving(course_id, who, change)

    async def arrange(
        self,
        course_id: str,
        videos: Sequence[int],
        who: Principal,
        version: int | None = None,
    ) -> Course:
        """Have a course be of these videos in this order.

        New ones must be theirs to change: who may see a course sees what is shared in it. Those in
        it that they may not see keep their places. Raises InvalidInput too, and Conflict when it
        was changed since a `version`.
        """
        course = await self.own(course_id, who)
        rules.require_version(course, version)
        shown = {each.video_id for each in await self._gallery.seen_by(course.videos, who)}
        videos = rules.with_unseen(course.videos, videos, shown)
        rules.check_order(videos)
        for video_id in videos:
            if video_id not in course.videos:
                require_sharable(await self._gallery.own(video_id, who))
        there = await self._gallery.there(videos)
        kept = [each for each in videos if each in there]

        def change(course: Course) -> tuple[Course, Change]:
            rules.require_version(course, version)
            return rules.arranged(course, kept, self._clock.now(), who)

        return await self._saving(course_id, who, change)

    async def delete(self, course_id: str, who: Principal) -> None:
        """Delete a course; its videos stay."""
        course = await self.own(course_id, who)
        now = self._clock.now()
        await self._store.delete(course, [rules.record(rules.DELETED, course, now, who)], now)

    async def members(self, course_id: str, who: Principal) -> list[Person]:
        """Return who is a member, by name."""
        course = await self.own(course_id, who)
        members = await self._store.members(course.course_id)
        return [Person(*each) for each in await self._people.named(members)]

    async def add_member(self, course_id: str, email: str, who: Principal) -> Person:
        """Have whoever has an address be a member. Raises InvalidInput for nobody's."""
        course = await self.own(course_id, who)
        address = email.strip().lower()
        found = await self._people.by_email(address) if is_email(address) else None
        if found is None:
            raise InvalidInput([nobody_has("email", address)])
        person = Person(*found)
        if person.account_id in course.teacher_ids:
            sentence = f"{person.name} teaches this course."
            raise InvalidInput([FieldError("email", sentence)])
        members = await self._store.members(course.course_id)
        if len(members) >= rules.MOST_MEMBERS:
            sentence = f"A course has at most {rules.MOST_MEMBERS:,} members."
            raise InvalidInput([FieldError("email", sentence)])
        now = self._clock.now()
        change = rules.record(rules.MEMBER_ADDED, course, now, who)
        await self._store.add_member(course.course_id, person.account_id, [change], now)
        return person

    async def remove_member(self, course_id: str, account_id: str, who: Principal) -> None:
        """Have somebody be no member any more; whoever is one may also leave."""
        course = await (
            self.get(course_id, who) if account_id == who.account_id else self.own(course_id, who)
        )
        now = self._clock.now()
        change = rules.record(rules.MEMBER_REMOVED, course, now, who)
        if not is_id(account_id) or not await self._store.remove_member(
            course.course_id, account_id, [change], now
        ):
            raise NotFound("There is no such member.")

    async def mark(self, video_id: int, who: Principal, *, seen: bool) -> None:
        """Note for somebody alone that they have seen a video, or have not."""
        account_id = require_account(who)
        await self._gallery.show(video_id, who, None)
        await self._store.mark(account_id, video_id, self._clock.now(), seen=seen)

    async def of_video(
        self, course_ids: Sequence[str], known: Sequence[str], who: Principal
    ) -> list[Course]:
        """Return some courses that a video stands in, or is to. Raises NotFound, Forbidden unless
        all but the `known` ones are theirs to change."""
        for course_id in course_ids:
            if course_id not in known:
                course = await self.own(course_id, who)
                rules.check_room(course)
        return await self._store.some(course_ids)

    async def own(self, course_id: str, who: Principal) -> Course:
        """Return a course that they may change."""
        if who.role is None:
            raise NotSignedIn()
        course = await self.get(course_id, who)
        if not rules.may_change(course, who):
            raise Forbidden("This is for the teachers of the course.")
        return course

    async def _saving(self, course_id: str, who: Principal, change: Changing) -> Course:
        for tries_left in reversed(range(_TRIES)):
            course, record = change(await self.own(course_id, who))
            try:
                await self._store.save(course, [record], self._clock.now())
            except Conflict:
                if not tries_left:
                    raise
            else:
                return course
        raise AssertionError("the last try returns or raises")
