"""Videos shared with people and with courses, by those who may change them."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import is_email
from quadrangle.videos.courses.model import Course
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.sharing import rules
from quadrangle.videos.sharing.model import Audience, Person, SharingEdit
from quadrangle.videos.sharing.ports import People, SharingStore

_TRIES = 5
# Returns those of some courses that are there, and raises unless all new ones may be changed.
CoursesOf = Callable[[Sequence[str], Sequence[str], Principal], Awaitable[list[Course]]]


class SharedWith(msgspec.Struct, frozen=True):
    """Whom a video is shared with, as its owner sees it.

    `disabled` counts those it names besides, whose accounts are disabled: they stay named.
    """

    people: list[Person]
    courses: list[Course]
    disabled: int
    version: str


class Sharing:
    """Tells and changes whom a video is shared with.

    That counts while its visibility is `shared`, and is kept while it is another.
    """

    def __init__(
        self,
        gallery: Gallery,
        store: SharingStore,
        people: People,
        courses_of: CoursesOf,
        clock: Clock,
    ) -> None:
        self._gallery = gallery
        self._store = store
        self._people = people
        self._courses_of = courses_of
        self._clock = clock

    async def show(self, video_id: int, who: Principal) -> SharedWith:
        """Return whom it is shared with. Raises NotSignedIn, Forbidden, NotFound."""
        await self._gallery.own(video_id, who)
        audience = await self._store.audience(video_id)
        return await self._shown(audience, who)

    async def share(self, video_id: int, edit: SharingEdit, who: Principal) -> SharedWith:
        """Share a video with these and nobody else; who is named and disabled now stays named.

        Raises InvalidInput too, for addresses that nobody here has; NotFound and Forbidden for a
        course that is not theirs to change, and for others to see a film of a meeting; Conflict
        when it was changed since the edit's version.
        """
        await self._gallery.own(video_id, who)
        courses = list(dict.fromkeys(edit.courses))
        rules.check_courses(courses)
        people = await self._people_of(edit.people)
        for tries_left in reversed(range(_TRIES)):
            video = await self._gallery.own(video_id, who)
            before = await self._store.audience(video_id)
            rules.require_version(before, edit.version)
            found = await self._courses_of(courses, before.courses, who)
            kept = [*people, *await self._disabled(before)]
            named = [each for each in dict.fromkeys(kept) if each != video.user_id]
            after = Audience(tuple(named), tuple(each.course_id for each in found))
            rules.require_no_others(video, before, after)
            now = self._clock.now()
            moved, change = rules.shared(video, before, after, now, who)
            try:
                await self._store.share(moved, before, after, [change], now)
            except Conflict:
                if not tries_left:
                    raise
            else:
                return await self._shown(after, who)
        raise AssertionError("the last try returns or raises")

    async def _disabled(self, audience: Audience) -> list[str]:
        """Return those named who cannot be reached now: no page shows them, so none drops them."""
        there = {each[0] for each in await self._people.named(audience.people)}
        return [each for each in audience.people if each not in there]

    async def _people_of(self, addresses: Sequence[str]) -> list[str]:
        wanted = list(dict.fromkeys(each.strip().lower() for each in addresses if each.strip()))
        rules.check_people(wanted, [each for each in wanted if not is_email(each)])
        found = {each: await self._people.by_email(each) for each in wanted}
        rules.check_people(wanted, [each for each, person in found.items() if person is None])
        return list(dict.fromkeys(person[0] for person in found.values() if person is not None))

    async def _shown(self, audience: Audience, who: Principal) -> SharedWith:
        people = [Person(*each) for each in await self._people.named(audience.people)]
        courses = await self._courses_of(audience.courses, audience.courses, who)
        disabled = len(audience.people) - len(people)
        return SharedWith(people, courses, disabled, rules.version_of(audience))
