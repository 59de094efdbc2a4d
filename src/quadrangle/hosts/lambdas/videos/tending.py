"""What is done about videos without anyone asking."""

from quadrangle.aws.videos.leftovers import S3Files
from quadrangle.hosts.lambdas.videos.elsewhere import NobodyHears, WorkersElsewhere
from quadrangle.hosts.lambdas.videos.letters import Letters
from quadrangle.hosts.shared.cloud_videos import GALLERY_TABLES, CloudVideos
from quadrangle.hosts.shared.errands import CALL, Calling
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.mail import MailQueue
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.base.schemas import put_apart
from quadrangle.sql.feed.copying import FeedCopy, Keep
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.videos.records import SqlRecords
from quadrangle.videos.jobs import JOIN, PROCESS, SWEEP, TIDY
from quadrangle.videos.rules import READY
from quadrangle.videos.sharing.ports import People
from quadrangle.videos.speech.asking import Asking
from quadrangle.videos.sweeping import Sweeping
from quadrangle.videos.tidying.tidying import Tidying, TidyingByTurns
from quadrangle.videos.uploads.parting import PartUploads

MOST_JOBS = 200  # in one go; the next one is a minute away


class Tending:
    """Runs the jobs of videos that are no turns, and calls workers for those that are. What
    changed is handed to `keep`, which is where the rest of the installation follows changes;
    letters about it go to `mail`, and `asking` has what became ready be
    listened to."""

    def __init__(
        self,
        cloud: CloudVideos,
        uploads: PartUploads,
        keep: Keep,
        people: People,
        mail: MailQueue,
        public_url: str,
        asking: Asking,
    ) -> None:
        self._cloud = cloud
        self._jobs = SqlJobs(cloud.database, cloud.clock)
        processing = cloud.processing(WorkersElsewhere())
        sweeping = Sweeping(
            processing,
            uploads,
            cloud.uploads,
            cloud.store,
            cloud.queue,
            self._jobs,
            cloud.clock,
            cloud.listening(NobodyHears()),  # what nobody listens to any more is told
        )
        calling = Calling(cloud, self._jobs)
        speech = Reaction("videos.listen", frozenset({READY}), asking.when_ready)
        letters = Letters(cloud, self._jobs, people, mail, public_url, [speech])
        tidying = TidyingByTurns(
            Tidying(S3Files(cloud.objects), SqlRecords(cloud.database), cloud.clock),
            self._jobs,
            cloud.clock,
        )
        handlers = {**processing.handlers(), SWEEP: sweeping.sweep, CALL: calling.call}
        handlers[TIDY] = tidying.handle
        handlers |= letters.handlers()
        # films are made, and made one file, where programs for it are
        self._handlers = {
            name: each for name, each in handlers.items() if name not in (PROCESS, JOIN)
        }
        self._copies = [
            FeedCopy(cloud.database, "aws", keep),
            FeedCopy(cloud.database, "letters", letters.follow),
        ]
        self._is_prepared = False

    async def prepare(self) -> None:
        """Bring the database up to date, and its tables where the operator wants them. Safe to
        repeat. Raises Unavailable, SchemaTaken, TooNew."""
        if not self._is_prepared:
            await migrate(self._cloud.database)
            await put_apart(self._cloud.database, *GALLERY_TABLES)
            self._is_prepared = True

    async def tend(self) -> dict[str, int]:
        """Do all that is due; return how much of it there was."""
        await self.prepare()
        await self._jobs.put(NewJob(SWEEP, {}, name=SWEEP))
        if await self._cloud.jobs.wait(TIDY) is None:  # it goes on where it is, for a day
            await self._jobs.put(NewJob(TIDY, {}, name=TIDY))
        changes = [await each.catch_up() for each in self._copies]
        ran = await self._cloud.jobs.run_due(self._handlers, MOST_JOBS)
        called = await self._cloud.call_workers()
        return {"jobs": ran, "called": called, "changes": changes[0]}
