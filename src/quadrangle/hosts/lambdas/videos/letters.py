"""The letters about videos on AWS: what changed stands in the database of videos, so that their
reactions are jobs there."""

from collections.abc import Mapping, Sequence

import msgspec

from quadrangle.hosts.shared.cloud_videos import CloudVideos
from quadrangle.kernel.change import Change, Reaction, function_of, handler_of
from quadrangle.kernel.jobs import Handler, Jobs, NewJob
from quadrangle.kernel.mail import MailQueue
from quadrangle.sql.videos.told import SqlToldStore
from quadrangle.videos.sharing.ports import People
from quadrangle.videos.taking_down.letters import TakenDownLetters
from quadrangle.videos.telling.telling import Telling


class Letters:
    """Writes to those with whom a video is shared, and to whom one was taken down."""

    def __init__(
        self,
        cloud: CloudVideos,
        jobs: Jobs,
        people: People,
        mail: MailQueue,
        public_url: str,
        also: Sequence[Reaction] = (),
    ) -> None:
        """`also` are other reactions to the same changes."""
        self._jobs = jobs
        self._telling = Telling(
            SqlToldStore(cloud.database),
            cloud.store,
            cloud.sharing,
            people,
            mail,
            jobs,
            cloud.clock,
            public_url,
        )
        taken_down = TakenDownLetters(people, mail, public_url)
        self._reactions = [*self._telling.reactions(), *taken_down.reactions(), *also]

    def handlers(self) -> Mapping[str, Handler]:
        """Return what handles its jobs, by their functions."""
        reactions = {function_of(each): handler_of(each) for each in self._reactions}
        return {**reactions, **self._telling.handlers()}

    async def follow(self, changes: Sequence[Change]) -> None:
        """Have what answers to the changes be called, once for each. Raises Unavailable."""
        for change in changes:
            for reaction in self._reactions:
                if reaction.answers_to(change):
                    function = function_of(reaction)
                    name = f"{function}:{change.seq}"
                    await self._jobs.put(NewJob(function, msgspec.to_builtins(change), name=name))
