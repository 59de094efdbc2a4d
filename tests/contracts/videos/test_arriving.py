"""Films that nobody uploads become videos of their people, once, whatever breaks off."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import NotFound, Unavailable
from quadrangle.kernel.films import Film
from quadrangle.kernel.ids import new_id
from quadrangle.machine.videos.upload_files import DirectoryUploads
from quadrangle.videos.arriving.arriving import Arriving
from quadrangle.videos.model import Status, Visibility
from quadrangle.videos.reactions import VideoReactions
from quadrangle.videos.uploads.model import UploadLimits
from quadrangle.videos.uploads.receiving import Uploads
from tests.contracts.videos.reel import Reel
from tests.parts import whole

FILM = b"a film of two people" * 1000
KIND = "meeting.recording-ready"


class Camera:
    """A source of one film, which may be gone or break off."""

    there: ClassVar[str] = KIND
    gone: ClassVar[str] = "meeting.recording-discarded"

    def __init__(self) -> None:
        self.made: Film | None = Film(
            film_id=new_id(),
            place="here",
            title="Meeting of Ada and Ben, 2026-11-21",
            description="The desktop of Ben.",
            filename="meeting-2026-11-21.mp4",
            owner=("ada", "Ada"),
            watchers=("ben",),
        )
        self.breaks_off = False
        self.is_gone = False

    async def film(self, change: Change) -> Film | None:
        return self.made

    def film_id(self, change: Change) -> str:
        return change.data["recordingId"]

    async def content(self, film: Film) -> AsyncIterator[bytes]:
        if self.is_gone:
            raise NotFound()
        yield FILM[:5000]
        if self.breaks_off:
            raise Unavailable()
        yield FILM[5000:]


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "videos"


@pytest.fixture
def arriving(reel: Reel, camera: Camera, root: Path) -> Arriving:
    files = DirectoryUploads(root, reserve=0)

    async def nothing_lacks() -> str:
        return ""

    async def never(*_: object) -> None:
        raise AssertionError("nothing is replaced")

    limits = UploadLimits(largest=10, quota=10, hours=1)  # for what people choose to upload
    uploads = Uploads(reel.uploads, files, limits, reel.clock, nothing_lacks, never)
    return Arriving(camera, uploads, reel.uploads, files, reel.store, reel.sharing, reel.clock)


def told(reel: Reel) -> Change:
    return Change(KIND, "a-meeting", {}, "Quadrangle", to_text(reel.clock.now()))


async def test_a_film_waits_for_its_turn_and_is_for_its_people_alone(
    reel: Reel, arriving: Arriving, camera: Camera, root: Path
):
    there, gone = arriving.reactions()
    assert (there.answers_to(told(reel)), gone.answers_to(told(reel))) == (True, False)
    for _ in range(2):  # a change may be heard again
        await arriving.take_in(told(reel))
    (video_id,), total = await reel.ids(owner_id="ada", only_own=True)
    assert total == 1
    video = await reel.get(video_id)
    assert camera.made is not None
    assert (video.title, video.visibility) == (camera.made.title, Visibility.SHARED)
    assert (video.status, video.file_size) == (Status.UPLOADED, len(FILM))
    assert video.details.of_meeting
    assert (root / video.key / "original").read_bytes() == FILM
    assert (await reel.sharing.audience(video_id)).people == ("ben",)
    assert await reel.sharing.reached([video_id], "ben", campus=True) == {video_id}
    assert await reel.sharing.reached([video_id], "cyd", campus=True) == set()


async def test_what_broke_off_begins_anew(reel: Reel, arriving: Arriving, camera: Camera):
    camera.breaks_off = True
    with pytest.raises(Unavailable):
        await arriving.take_in(told(reel))
    assert (await reel.ids(owner_id="ada", only_own=True))[1] == 0
    assert await reel.uploads.unfinished("ada") == []
    camera.breaks_off = False
    await arriving.take_in(told(reel))
    (video_id,), _ = await reel.ids(owner_id="ada", only_own=True)
    assert (await reel.get(video_id)).file_size == len(FILM)


async def test_a_film_that_is_gone_leaves_nothing(
    reel: Reel, arriving: Arriving, camera: Camera, root: Path
):
    camera.is_gone = True
    await arriving.take_in(told(reel))
    assert camera.made is not None
    assert not (root / camera.made.film_id).exists()
    camera.made = None
    await arriving.take_in(told(reel))
    assert (await reel.ids(owner_id="ada", only_own=True))[1] == 0


async def test_of_one_person_it_is_private(reel: Reel, arriving: Arriving, camera: Camera):
    assert camera.made is not None
    camera.made = msgspec.structs.replace(camera.made, watchers=())
    await arriving.take_in(told(reel))
    (video_id,), _ = await reel.ids(owner_id="ada", only_own=True)
    assert (await reel.get(video_id)).visibility is Visibility.PRIVATE


async def test_a_recording_goes_with_its_video_after_its_owner_has_closed_the_account(
    reel: Reel, arriving: Arriving, camera: Camera
):
    """The teacher closes the account, and then the student has the recording removed."""
    await arriving.take_in(told(reel))
    (video_id,), _ = await reel.ids(owner_id="ada", only_own=True)
    reactions = VideoReactions(
        reel.store, reel.uploads, reel.shared_links, reel.sharing, reel.clock
    )
    closed = Change("account.closed", "ada", {}, "Ada", to_text(reel.clock.now()))
    for _ in range(2):
        await whole(reactions.forget_member, closed)
    outlived = await reel.get(video_id)
    assert outlived.user_id != "ada"
    assert camera.made is not None
    upload = await reel.uploads.get(camera.made.film_id)
    assert upload is not None
    assert "Ada" not in str(upload)
    assert "ada" not in (upload.user_id, upload.owner_name)
    await arriving.take_in(told(reel))  # heard once more: no second video
    assert (await reel.ids(owner_id="ada", only_own=True))[1] == 0
    data = {"recordingId": camera.made.film_id}
    gone = Change(camera.gone, "a-meeting", data, "Ben", to_text(reel.clock.now()))
    for _ in range(2):
        await arriving.take_away(gone)
    assert await reel.store.get(video_id) is None


async def test_what_the_owner_changes_stays(reel: Reel, arriving: Arriving):
    await arriving.take_in(told(reel))
    (video_id,), _ = await reel.ids(owner_id="ada", only_own=True)
    video = await reel.get(video_id)
    private = reel.changed(video, visibility=Visibility.PRIVATE)
    await reel.store.save(private, [], reel.clock.now())
    await arriving.take_in(told(reel))
    assert (await reel.get(video_id)).visibility is Visibility.PRIVATE


async def test_a_film_that_is_taken_back_is_no_video_any_more(
    reel: Reel, arriving: Arriving, camera: Camera
):
    assert camera.made is not None
    away = msgspec.structs.replace(told(reel), data={"recordingId": camera.made.film_id})
    await arriving.take_away(away)
    await arriving.take_in(told(reel))
    for _ in range(2):
        await arriving.take_away(away)
    assert (await reel.ids(owner_id="ada", only_own=True))[1] == 0


async def test_a_film_that_is_taken_back_while_it_is_brought_is_no_video(
    reel: Reel, arriving: Arriving, camera: Camera, monkeypatch: pytest.MonkeyPatch
):
    answers = [camera.made, None]

    async def film(_: Change) -> Film | None:
        return answers.pop(0)

    monkeypatch.setattr(camera, "film", film)
    await arriving.take_in(told(reel))
    assert not answers
    assert (await reel.ids(owner_id="ada", only_own=True))[1] == 0
