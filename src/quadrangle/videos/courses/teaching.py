"""Teachers of courses: listed, added, taken off, and courses handed over."""

from collections.abc import Callable

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from quadrangle.kernel.principal import Principal, Role
from quadrangle.kernel.text import is_email
from quadrangle.videos.courses import rules, teaching_rules
from quadrangle.videos.courses.courses import Courses
from quadrangle.videos.courses.model import Course, Teacher
from quadrangle.videos.courses.ports import CourseStore
from quadrangle.videos.sharing.model import Person
from quadrangle.videos.sharing.ports import People
from quadrangle.videos.sharing.rules import nobody_has

_TRIES = 5


class Teaching:
    """What can be done with teachers. Raises NotSignedIn, Forbidden, NotFound, Unavailable."""

    def __init__(self, store: CourseStore, courses: Courses, people: People, clock: Clock) -> None:
        self._store = store
        self._courses = courses
        self._people = people
        self._clock = clock

    async def show(self, course_id: str, who: Principal) -> list[Person]:
        """Return who teaches a course and has an open account: whose it is first."""
        course = await self._handed(course_id, who)
        named = [Person(*each) for each in await self._people.named(course.teacher_ids)]
        return sorted(named, key=lambda each: course.teacher_ids.index(each.account_id))

    async def add(self, course_id: str, email: str, who: Principal) -> Course:
        """Have somebody teach a course too. Raises InvalidInput for who is no teacher here."""
        await self._courses.own(course_id, who)
        teacher, role = await self._teacher(email)
        return await self._saving(
            course_id,
            lambda course: teaching_rules.joined(course, teacher, role, self._clock.now(), who),
        )

    async def remove(self, course_id: str, account_id: str, who: Principal) -> None:
        """Have somebody teach a course no more; whoever does may leave. Raises Conflict for the
        last one."""
        if who.role is None:
            raise NotSignedIn()
        course = await self._courses.get(course_id, who)
        if account_id != who.account_id:
            course = await self._courses.own(course_id, who)
        if account_id not in course.teacher_ids:
            raise NotFound("There is no such teacher.")
        able = await self._able(course)
        await self._saving(
            course_id,
            lambda course: teaching_rules.left(course, account_id, able, self._clock.now(), who),
        )

    async def hand_over(self, course_id: str, email: str, who: Principal) -> Course:
        """Have a course be another teacher's; staff may do so with each. Raises InvalidInput."""
        await self._handed(course_id, who)
        teacher, role = await self._teacher(email)
        return await self._saving(
            course_id,
            lambda course: teaching_rules.handed_over(
                course, teacher, role, self._clock.now(), who
            ),
        )

    async def _handed(self, course_id: str, who: Principal) -> Course:
        """Return a course that they may give to another teacher."""
        if who.role is None:
            raise NotSignedIn()
        course = await self._courses.get(course_id, who)
        if not rules.may_change(course, who) and not teaching_rules.may_hand_over(who):
            raise Forbidden("This is for the teachers of the course, and for staff.")
        return course

    async def _able(self, course: Course) -> set[str]:
        """Return which of its teachers may run courses now."""
        found = {each: await self._people.who_is(each) for each in course.teacher_ids}
        return {each for each, known in found.items() if known and known[1] in rules.MAKERS}

    async def _teacher(self, email: str) -> tuple[Teacher, Role]:
        address = email.strip().lower()
        found = await self._people.by_email(address) if is_email(address) else None
        known = await self._people.who_is(found[0]) if found else None
        if found is None or known is None:
            raise InvalidInput([nobody_has("email", address)])
        return Teacher(found[0], found[1]), known[1]

    async def _saving(
        self, course_id: str, change: Callable[[Course], tuple[Course, Change]]
    ) -> Course:
        for tries_left in reversed(range(_TRIES)):
            before = await self._store.get(course_id)
            if before is None:
                raise NotFound("Course not found")
            course, record = change(before)
            try:
                await self._store.save(course, [record], self._clock.now())
            except Conflict:
                if not tries_left:
                    raise
            else:
                return course
        raise AssertionError("the last try returns or raises")
