"""What is in a course for programs that subscribe to it: at its own address where it is public, at
a secret one per person where it is not."""

import hashlib
import secrets

import msgspec

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.videos.courses import rules
from quadrangle.videos.courses.courses import Courses
from quadrangle.videos.courses.model import Course, CourseFeed, Openness
from quadrangle.videos.courses.ports import FeedStore
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.model import Status, Video
from quadrangle.videos.rules import require_account
from quadrangle.videos.sharing.ports import People

TOKEN_BYTES = 32
LONGEST_TOKEN = 64  # characters; ours have 43
_GONE = "There is no feed at this address (any more)."


class Subscribed(msgspec.Struct, frozen=True):
    """What a feed has: a course, and those of its videos that can be played, in their order."""

    course: Course
    videos: list[Video]


class CourseFeeds:
    """Makes, renews, ends and reads feeds. Raises NotSignedIn, NotFound, Unavailable.

    A feed gives what its person may see at the moment of asking, with the rights that any account
    has: nobody's feed is opened by being an admin.
    """

    def __init__(
        self, store: FeedStore, courses: Courses, gallery: Gallery, people: People, clock: Clock
    ) -> None:
        self._store = store
        self._courses = courses
        self._gallery = gallery
        self._people = people
        self._clock = clock

    async def own(self, course_id: str, who: Principal) -> tuple[Course, CourseFeed | None]:
        """Return a course and the feed somebody has of it; its address is not known any more."""
        course = await self._courses.get(course_id, who)
        account_id = who.account_id
        return course, await self._store.of(course_id, account_id) if account_id else None

    async def renew(self, course_id: str, who: Principal) -> tuple[CourseFeed, str]:
        """Make somebody's feed of a course and return its token, told this once; an earlier one
        ends."""
        account_id = require_account(who)
        course = await self._courses.get(course_id, _as_any(who.name, account_id))
        now = self._clock.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        feed = CourseFeed(course_id, account_id, _hash(token), to_text(now))
        await self._store.put(feed, [rules.record(rules.FEED_RENEWED, course, now, who)])
        return feed, token

    async def end(self, course_id: str, who: Principal) -> None:
        """Have somebody's feed of a course lead nowhere."""
        account_id = require_account(who)
        course = await self._courses.get(course_id, who)
        change = rules.record(rules.FEED_ENDED, course, self._clock.now(), who)
        if not await self._store.remove(course_id, account_id, [change]):
            raise NotFound("You have no address of this course.")

    async def read(self, key: str) -> Subscribed:
        """Return what the feed has that a key opens: a secret, or the id of a public course."""
        course, who = await self._opened(key)
        videos = await self._gallery.seen_by(course.videos, who)
        return Subscribed(course, [each for each in videos if each.status is Status.READY])

    def picture_of(self, subscribed: Subscribed) -> Video | None:
        """Return the video whose still is the picture of a feed: its first that has one."""
        return next((each for each in subscribed.videos if _has_still(each)), None)

    async def episode(self, key: str, video_id: int) -> Video:
        """Return one video of a feed."""
        course, who = await self._opened(key)
        if video_id not in course.videos:
            raise NotFound(_GONE)
        video = await self._gallery.show(video_id, who, None)
        if video.status is not Status.READY:
            raise NotFound(_GONE)
        return video

    async def _opened(self, key: str) -> tuple[Course, Principal]:
        if is_id(key):
            course = await self._courses.get(key, ANYONE)
            if course.openness is Openness.PUBLIC:
                return course, ANYONE
            raise NotFound(_GONE)
        known = len(key) <= LONGEST_TOKEN and key.isascii()
        feed = await self._store.by_hash(_hash(key)) if known else None
        person = feed and await self._people.who_is(feed.account_id)
        if feed is None or person is None:
            raise NotFound(_GONE)
        who = _as_any(person[0], feed.account_id)
        return await self._courses.get(feed.course_id, who), who


def _has_still(video: Video) -> bool:
    return video.details.media is not None and bool(video.details.media.poster)


def _as_any(name: str, account_id: str) -> Principal:
    return Principal(name, Role.STUDENT, account_id)


def _hash(token: str) -> str:
    # 256 random bits cannot be guessed: a slow hash would protect nothing more
    return hashlib.sha256(token.encode()).hexdigest()
