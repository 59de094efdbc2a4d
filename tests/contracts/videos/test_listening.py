"""What a model hears becomes captions unless somebody gave some; what fails is told."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.jobs import GiveUp, Job, RetryLater
from quadrangle.kernel.principal import Principal
from quadrangle.machine.videos.shelves import DirectoryShelves
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.jobs.leases import Turn, take_turn
from quadrangle.sql.videos.wishes import SqlWishes
from quadrangle.videos.captions.captions import Captions, CueEdit, version_of
from quadrangle.videos.captions.cue_rules import Cue
from quadrangle.videos.jobs import LISTEN
from quadrangle.videos.model import Video
from quadrangle.videos.rules import READY, record
from quadrangle.videos.speech import rules
from quadrangle.videos.speech.asking import Asking, Hearing
from quadrangle.videos.speech.listening import POLICY, Listening, ListeningParts
from quadrangle.videos.speech.model import Heard, State, Word
from tests.contracts.videos.reel import ADA, RENDERED, Reel

ONE = b"WEBVTT\n\n00:01.000 --> 00:02.000\nWritten by hand\n"
SAID = (Word(0.0, 0.5, " The"), Word(0.5, 1.5, " axis."))


class Ear:
    """Hears what it is told to, or fails; can be made to wait."""

    def __init__(self) -> None:
        self.heard = Heard("en", SAID)
        self.failure: Exception | None = None
        self.refusal = ""
        self.began, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    async def lacking(self) -> str:
        return self.refusal

    async def languages(self) -> tuple[str, ...] | None:
        return ("en",)

    async def hear(self, sound: Path, language: str, seconds: float) -> Heard:
        self.began.set()
        await self.go_on.wait()
        if self.failure:
            raise self.failure
        return self.heard


class Studio:
    """A video with sound, and all that captions come from."""

    def __init__(self, reel: Reel, root: Path, who: Principal = ADA) -> None:
        self.reel, self.who, self.ear = reel, who, Ear()
        self.shelves = DirectoryShelves(root)
        gallery = reel.gallery(self.shelves)
        jobs = SqlJobs(reel.database, reel.clock)
        self.captions = Captions(gallery, self.shelves, reel.clock)
        self.asking = Asking(gallery, reel.store, Hearing(self.ear, jobs, "en"), reel.clock)
        wishes = SqlWishes(reel.database)
        parts = ListeningParts(reel.store, self.shelves, wishes, self.ear, reel.clock)
        self.listening = Listening(parts)

    async def video(self) -> Video:
        made = await self.reel.shown()
        (await self.shelves.original(made.key)).parent.mkdir(parents=True)
        media = msgspec.structs.replace(RENDERED, audio_file="audio.m4a")
        details = msgspec.structs.replace(made.details, media=media)
        changed = self.reel.changed(made, details=details)
        await self.reel.store.save(changed, [], self.reel.clock.now())
        return changed

    async def listen(self, video: Video, attempt: int = 1) -> Video:
        payload = {"videoId": video.video_id}
        job = Job("1", LISTEN, payload, attempt, self.reel.clock.now())
        await self.listening.listen(job)
        return await self.reel.get(video.video_id)

    async def ready(self, video: Video) -> Video:
        """Have it be told that the video became ready."""
        now = self.reel.clock.now()
        await self.asking.when_ready(record(READY, video, now, self.who))
        return await self.reel.get(video.video_id)


@pytest.fixture
def studio(reel: Reel, tmp_path: Path) -> Studio:
    return Studio(reel, tmp_path)


async def test_a_ready_video_is_listened_to_once(studio: Studio):
    video = await studio.ready(await studio.video())
    assert video.details.speech is not None
    assert video.details.speech.state is State.WAITING
    assert await studio.ready(video) == video
    heard = await studio.listen(video)
    (caption,) = heard.details.captions
    assert (caption.language, caption.label, caption.automatic) == ("en", "English", True)
    assert heard.details.speech is None
    assert "The axis." in studio.shelves.caption(video.key, caption.file).read_text()
    assert (await studio.reel.ids(words=("axis",), owner_id="ada"))[1] == 1
    assert await studio.listen(heard) == heard
    assert await studio.ready(heard) == heard


async def test_what_somebody_gives_meanwhile_wins(studio: Studio):
    video = await studio.ready(await studio.video())
    studio.ear.go_on.clear()
    listening = asyncio.create_task(studio.listen(video))
    await studio.ear.began.wait()
    await studio.captions.put(video.video_id, "en", "", ONE, ADA)
    studio.ear.go_on.set()
    (caption,) = (await listening).details.captions
    assert not caption.automatic
    assert len(list(studio.shelves.caption(video.key, caption.file).parent.iterdir())) == 1
    with pytest.raises(Conflict):
        await studio.asking.ask(video.video_id, "en", ADA)


async def test_captions_by_people_take_the_place_of_a_models(studio: Studio):
    heard = await studio.listen(await studio.ready(await studio.video()))
    await studio.captions.put(heard.video_id, "en-GB", "", ONE, ADA)
    (caption,) = (await studio.reel.get(heard.video_id)).details.captions
    assert (caption.language, caption.automatic) == ("en-GB", False)


async def test_what_a_model_wrote_says_so_when_some_of_it_is_mended(studio: Studio):
    heard = await studio.listen(await studio.ready(await studio.video()))
    for text in ("The axes.", "The axles."):
        (before,) = (await studio.reel.get(heard.video_id)).details.captions
        edit = CueEdit(version=version_of(before), cues=[Cue(0, 1500, text)])
        await studio.captions.edit(heard.video_id, "en", edit, ADA)
        (caption,) = (await studio.reel.get(heard.video_id)).details.captions
        assert caption.by_program
        assert caption.mended
        with pytest.raises(Conflict):  # no model writes over what somebody mended
            await studio.asking.ask(heard.video_id, "en", ADA)
    await studio.captions.put(heard.video_id, "en", "", ONE, ADA)
    (caption,) = (await studio.reel.get(heard.video_id)).details.captions
    assert not caption.by_program


async def test_a_failure_is_tried_again_and_then_told(studio: Studio):
    video = await studio.ready(await studio.video())
    studio.ear.failure = Unavailable("No memory.")
    with pytest.raises(Unavailable):
        await studio.listen(video)
    with pytest.raises(GiveUp, match="No memory"):
        await studio.listen(video, POLICY.max_attempts)
    failed = (await studio.reel.get(video.video_id)).details.speech
    assert failed is not None
    assert (failed.state, failed.failure) == (State.FAILED, rules.WORN_OUT)
    studio.ear.failure = None  # staff gives the dead letter again
    assert (await studio.listen(video)).details.captions


async def test_silence_is_told_and_not_tried_again(studio: Studio):
    video = await studio.ready(await studio.video())
    studio.ear.heard = Heard("en", ())
    silent = (await studio.listen(video)).details.speech
    assert silent is not None
    assert silent.failure == rules.NOTHING_SAID


async def test_one_video_is_heard_at_a_time_and_none_that_is_given_up(studio: Studio):
    video, other = await studio.video(), await studio.video()
    for one in (video, other):
        await studio.ready(one)
    studio.ear.go_on.clear()
    listening = asyncio.create_task(studio.listen(video))
    await studio.ear.began.wait()
    with pytest.raises(RetryLater) as later:
        await studio.listen(other)
    assert later.value.delay >= timedelta(seconds=10)
    await studio.asking.give_up(video.video_id, ADA)
    over = await asyncio.wait_for(listening, 10)  # while the ear would hear on
    assert over.details.captions == ()
    assert over.details.speech is None


async def test_without_a_model_nothing_is_promised(studio: Studio):
    studio.ear.refusal = "Install it."
    video = await studio.ready(await studio.video())
    assert video.details.speech is None
    with pytest.raises(Unavailable, match="Install it"):
        await studio.asking.ask(video.video_id, "en", ADA)


def die_once(connection: Connection, at: datetime) -> int:
    """Have a worker claim what is due, and never be heard of again; return how much it was."""
    turn = Turn((), (), 5, 1000)
    return len(take_turn(connection, to_ms(at), turn, lambda _: POLICY).claimed)


async def test_a_worker_that_dies_each_time_leaves_a_reason_and_another_try(studio: Studio):
    reel = studio.reel
    video = await studio.ready(await studio.video())
    assert video.details.speech is not None
    for number in range(POLICY.max_attempts):
        at = reel.clock.now() + timedelta(days=number)
        assert await reel.database.write(lambda c, at=at: die_once(c, at)) >= 1
        assert await studio.listening.bury() == 0
    at = reel.clock.now() + timedelta(days=POLICY.max_attempts)
    await reel.database.write(lambda c: die_once(c, at))  # it looks for leases that are over
    assert await studio.listening.bury() == 1
    failed = (await reel.get(video.video_id)).details.speech
    assert failed is not None
    assert (failed.state, failed.failure) == (State.FAILED, rules.BROKE_OFF)
    assert await studio.listening.bury() == 0
    again = await studio.asking.ask(video.video_id, "en", ADA)
    assert again.details.speech is not None
    assert again.details.speech.state is State.WAITING
    assert await studio.listening.bury() == 0
    assert (await studio.listen(again)).details.captions
