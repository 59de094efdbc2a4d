"""People told of what is shared with them: once for each video, in one letter for several."""

from datetime import datetime, timedelta

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob
from quadrangle.kernel.mail import MailQueue
from quadrangle.videos import rules
from quadrangle.videos.jobs import TELL, telling
from quadrangle.videos.model import Status, Video, Visibility
from quadrangle.videos.ports import VideoStore
from quadrangle.videos.sharing.model import Person
from quadrangle.videos.sharing.ports import People, SharingStore
from quadrangle.videos.sharing.rules import SHARED
from quadrangle.videos.telling.letters import shared
from quadrangle.videos.telling.ports import ToldStore

# What is shared in this time comes in one letter, and what was shared by mistake is taken back.
GATHERED = timedelta(minutes=2)


class Telling:
    """Writes letters. `public_url` is where the pages are, without a path."""

    def __init__(
        self,
        store: ToldStore,
        videos: VideoStore,
        sharing: SharingStore,
        people: People,
        queue: MailQueue,
        jobs: Jobs,
        clock: Clock,
        public_url: str,
    ) -> None:
        self._store = store
        self._videos = videos
        self._sharing = sharing
        self._people = people
        self._queue = queue
        self._jobs = jobs
        self._clock = clock
        self._public_url = public_url

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        kinds = frozenset({SHARED, rules.CHANGED, rules.READY})
        return [Reaction("videos.tell", kinds, self.follow)]

    def handlers(self) -> dict[str, Handler]:
        """Return what runs its jobs."""
        return {TELL: self.tell}

    async def follow(self, change: Change) -> None:
        """Have those wait for a letter whom a video names and who have not had one about it."""
        video = await self._videos.get(int(change.subject))
        if video is None or not _is_for_people(video):
            return
        named = (await self._sharing.audience(video.video_id)).people
        people = [each for each in named if each not in (change.actor_id, video.user_id)]
        now = self._clock.now()
        await self._store.note(video.video_id, people, now)
        for account_id in people:  # again too: whoever noted them may not have come this far
            if video.video_id in await self._store.waiting(account_id):
                await self._put(account_id, now + GATHERED)

    async def tell(self, job: Job) -> None:
        """Write somebody's letter, about all that waits and that they may see now."""
        account_id = _account_of(job)
        waiting = await self._videos.some(await self._store.waiting(account_id))
        reader = await self._people.named([account_id])
        now = self._clock.now()
        due: list[Video] = []
        for video in waiting:
            if not reader or not await self._is_for(video, account_id):
                await self._store.drop(account_id, [video.video_id])
            elif rules.is_published(video, now):
                due.append(video)
        if reader and due:
            await self._queue.enqueue(shared(Person(*reader[0]), due, self._public_url))
            await self._store.told(account_id, [each.video_id for each in due])
        await self._put_next([each for each in waiting if each not in due], account_id, now)

    async def _is_for(self, video: Video, account_id: str) -> bool:
        if not _is_for_people(video):
            return False
        return account_id in (await self._sharing.audience(video.video_id)).people

    async def _put_next(self, later: list[Video], account_id: str, now: datetime) -> None:
        """Come again for what appears only later."""
        starts = [each.details.publish_at for each in later]
        coming = [from_text(start) for start in starts if start and from_text(start) > now]
        if coming:
            await self._put(account_id, min(coming) + GATHERED)

    async def _put(self, account_id: str, at: datetime) -> None:
        payload = {"accountId": account_id}
        await self._jobs.put(NewJob(TELL, payload, at, telling(account_id)))


def _is_for_people(video: Video) -> bool:
    return video.visibility is Visibility.SHARED and video.status is Status.READY


def _account_of(job: Job) -> str:
    account_id = job.payload.get("accountId")
    if not isinstance(account_id, str):
        raise GiveUp("The payload of this job names nobody.")
    return account_id
