"""Photos sent straight to the store: what is allowed in, what becomes of it, and repeats."""

import asyncio
import base64
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from quadrangle.aws.issues.uploads import arrivals
from quadrangle.issues import rules
from quadrangle.issues.photos.album import MAX_BYTES
from quadrangle.issues.photos.ports import PhotoUpload, Picture
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge, Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.portable.pictures.image_command import ImageCommand
from tests.aws_photos import AwsPhotos, event_of
from tests.http.issues.test_photos import jpeg, png_claiming
from tests.portable.pictures.pictures import png
from tests.standin.server import MISSING, PYTHON, StandIn

STAFF = Principal("Bo", Role.STAFF, "account-1")


@pytest.fixture
def aws(standin: StandIn, clock: ManualClock) -> AwsPhotos:
    return AwsPhotos(standin, clock)


async def sent(
    aws: AwsPhotos, issue_id: str, content: bytes, actor: Principal = ANYONE
) -> PhotoUpload:
    """Announce a picture and send it; its event has yet to come."""
    upload, form = await aws.reception.begin(issue_id, "image/jpeg", len(content), actor)
    answer = await aws.send(form, content)
    assert answer.status_code == 204, answer.text
    return upload


async def arrive(aws: AwsPhotos, upload: PhotoUpload) -> None:
    await aws.arrive(f"incoming/{upload.issue_id}/{upload.upload_id}")


async def test_a_sent_picture_becomes_a_photo_of_its_issue(aws: AwsPhotos):
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, jpeg(), STAFF)
    before = await aws.reception.outcome(issue_id, upload.upload_id)
    assert (before.upload.state, before.photo) == ("waiting", None)

    await arrive(aws, upload)

    after = await aws.reception.outcome(issue_id, upload.upload_id)
    photos = await aws.photos(issue_id)
    assert (after.upload.state, after.upload.message) == ("done", None)
    assert [after.photo] == photos
    assert photos[0].photo_id == upload.upload_id
    assert aws.keys("incoming/") == []
    assert sorted(aws.keys("photos/")) == [photos[0].key, photos[0].thumbnail_key]
    history = await aws.store.history(issue_id)
    assert [(c.kind, c.actor, c.actor_id) for c in history][1:] == [
        ("issue.photo-added", "Bo", "account-1")
    ]


async def test_an_event_that_comes_again_adds_nothing(aws: AwsPhotos):
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, jpeg())
    for _ in range(3):
        await arrive(aws, upload)
    assert len(await aws.photos(issue_id)) == 1
    assert len(await aws.store.history(issue_id)) == 2


async def test_events_that_come_at_the_same_time_add_one_photo(aws: AwsPhotos):
    """Both runs have read the bytes before either has written."""
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, jpeg())
    meeting = asyncio.Barrier(2)

    class Meeting:
        async def re_encode(self, content: bytes, sender: str = "") -> Picture:
            await meeting.wait()
            return await ImageCommand().re_encode(content)

    aws.album._pictures = Meeting()  # pyright: ignore[reportPrivateUsage]
    await asyncio.gather(arrive(aws, upload), arrive(aws, upload))
    (photo,) = await aws.photos(issue_id)
    assert await aws.files.read(photo.key)
    assert await aws.files.read(photo.thumbnail_key)


async def test_a_crash_before_the_outcome_was_written_is_mended_by_the_repeat(aws: AwsPhotos):
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, jpeg())
    await aws.album.add_once(issue_id, upload.upload_id, jpeg(), ANYONE)
    assert (await aws.reception.outcome(issue_id, upload.upload_id)).upload.state == "done"
    await arrive(aws, upload)
    assert len(await aws.photos(issue_id)) == 1
    assert aws.keys("incoming/") == []


async def test_bytes_sent_again_under_a_used_form_are_thrown_away(aws: AwsPhotos):
    issue_id = await aws.report()
    upload, form = await aws.reception.begin(issue_id, "image/jpeg", 100, ANYONE)
    for _ in range(2):
        assert (await aws.send(form, jpeg())).status_code == 204
        await arrive(aws, upload)
    assert len(await aws.photos(issue_id)) == 1
    assert aws.keys("incoming/") == []


async def test_a_deleted_photo_does_not_come_back_with_a_late_event(aws: AwsPhotos):
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, jpeg())
    await arrive(aws, upload)
    await aws.album.remove(issue_id, upload.upload_id, STAFF)
    await arrive(aws, upload)
    assert await aws.photos(issue_id) == []
    outcome = await aws.reception.outcome(issue_id, upload.upload_id)
    assert (outcome.upload.state, outcome.photo) == ("done", None)


# -- what is refused on arrival -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a picture", "JPEG, PNG, WebP or HEIC"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG, WebP or HEIC"),
        (jpeg()[:300], "could not be read"),
        (b"\xff\xd8\xff" + bytes(100), "could not be read"),
        (png_claiming(60_000, 60_000), "million pixels"),
        (png_claiming(30_000, 10), "pixels"),
        (png(7000, 7000, zlib.compress(bytes(10))), "could not be read"),
    ],
    ids=["text", "svg", "cut", "empty-jpeg", "bomb", "wide", "short"],
)
async def test_what_is_no_fit_picture_is_refused_with_a_sentence(
    aws: AwsPhotos, content: bytes, words: str
):
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, content)
    for _ in range(2):
        await arrive(aws, upload)
        outcome = await aws.reception.outcome(issue_id, upload.upload_id)
        assert outcome.upload.state == "refused"
        assert words in (outcome.upload.message or "")
        assert outcome.photo is None
    assert await aws.photos(issue_id) == []
    assert aws.keys("incoming/") == aws.keys("photos/") == []


async def fill(aws: AwsPhotos, issue_id: str, count: int) -> None:
    for _ in range(count):
        await aws.album.add(issue_id, jpeg(), ANYONE)


async def test_there_is_room_for_ten_however_many_were_announced(aws: AwsPhotos):
    issue_id = await aws.report()
    first = await sent(aws, issue_id, jpeg())
    second = await sent(aws, issue_id, jpeg())
    await fill(aws, issue_id, rules.MAX_PHOTOS - 1)

    await arrive(aws, first)
    await arrive(aws, second)
    await arrive(aws, first)  # its photo is one of the ten

    assert (await aws.reception.outcome(issue_id, first.upload_id)).upload.state == "done"
    refused = (await aws.reception.outcome(issue_id, second.upload_id)).upload
    assert refused.state == "refused"
    assert "10 photos" in (refused.message or "")
    assert len(await aws.photos(issue_id)) == rules.MAX_PHOTOS
    with pytest.raises(Conflict, match="10 photos"):
        await aws.reception.begin(issue_id, "image/jpeg", 100, ANYONE)


async def test_what_passes_is_left_for_the_event_to_come_again(aws: AwsPhotos):
    issue_id = await aws.report()
    upload = await sent(aws, issue_id, jpeg())

    class Away:
        async def re_encode(self, content: bytes, sender: str = "") -> Picture:
            raise Unavailable

    class Busy:
        """Somebody else saves the issue each time a picture is ready."""

        async def re_encode(self, content: bytes, sender: str = "") -> Picture:
            raise Conflict

    for pictures, error in ((Away(), Unavailable), (Busy(), Conflict)):
        aws.album._pictures = pictures  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(error):
            await arrive(aws, upload)
        assert (await aws.reception.outcome(issue_id, upload.upload_id)).upload.state == "waiting"

    aws.album._pictures = ImageCommand()  # pyright: ignore[reportPrivateUsage]
    await arrive(aws, upload)
    assert len(await aws.photos(issue_id)) == 1


# -- what is refused before ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mime", "length", "error", "field"),
    [
        ("image/gif", 100, InvalidInput, "contentType"),
        ("image/svg+xml", 100, InvalidInput, "contentType"),
        ("", 100, InvalidInput, "contentType"),
        ("image/jpeg", 0, InvalidInput, "bytes"),
        ("image/jpeg", -1, InvalidInput, "bytes"),
        ("image/jpeg", MAX_BYTES + 1, TooLarge, None),
    ],
)
async def test_what_would_be_refused_is_not_even_begun(
    aws: AwsPhotos, mime: str, length: int, error: type[Exception], field: str | None
):
    with pytest.raises(error) as caught:
        await aws.reception.begin(await aws.report(), mime, length, ANYONE)
    if isinstance(caught.value, InvalidInput):
        assert [fault.field for fault in caught.value.errors] == [field]
    assert aws.keys() == []


@pytest.mark.parametrize("issue_id", [new_id(), "nothing", "../x", ""])
async def test_there_is_no_upload_without_an_issue(aws: AwsPhotos, issue_id: str):
    with pytest.raises(NotFound, match="Issue not found"):
        await aws.reception.begin(issue_id, "image/jpeg", 100, ANYONE)
    assert aws.keys() == []


async def test_an_upload_is_found_under_its_own_issue_only(aws: AwsPhotos):
    mine, other = await aws.report(), await aws.report()
    upload = await sent(aws, mine, jpeg())
    for issue_id, upload_id in (
        (other, upload.upload_id),
        (mine, new_id()),
        (mine, "../" + upload.upload_id),
        (mine.upper(), upload.upload_id),
    ):
        with pytest.raises(NotFound, match="Upload not found"):
            await aws.reception.outcome(issue_id, upload_id)
    await aws.arrive(f"incoming/{other}/{upload.upload_id}")
    assert await aws.photos(other) == await aws.photos(mine) == []


# -- what the form of S3 allows -----------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "incoming/other/other"},
        {"key": "photos/x"},
        {"Content-Type": "text/html"},
        {"acl": "public-read"},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_a_form_is_for_one_key_and_type(aws: AwsPhotos, changed: dict[str, str]):
    _, form = await aws.reception.begin(await aws.report(), "image/jpeg", 100, ANYONE)
    answer = await aws.send(form, jpeg(), **changed)
    assert answer.status_code == 403, answer.text
    assert aws.keys("incoming/") == aws.keys("photos/") == []


async def test_a_form_takes_twelve_megabytes_and_not_a_byte_more(aws: AwsPhotos):
    _, form = await aws.reception.begin(await aws.report(), "image/jpeg", 100, ANYONE)
    assert (await aws.send(form, b"")).status_code == 400
    assert (await aws.send(form, bytes(MAX_BYTES + 1))).status_code == 400
    assert aws.keys("incoming/") == []
    assert (await aws.send(form, bytes(MAX_BYTES))).status_code == 204


async def test_a_form_that_nobody_signed_is_refused(tmp_path: Path, clock: ManualClock):
    """By a stand-in of its own, as only one that asks who is asking looks at signatures."""
    if not PYTHON.exists():
        pytest.skip(MISSING)
    standin = StandIn(tmp_path, auth=True).start()
    try:
        aws = AwsPhotos(standin, clock)
        _, form = await aws.reception.begin(await aws.report(), "image/jpeg", 100, ANYONE)
        forged = await aws.send(form, jpeg(), **{"x-amz-signature": "0" * 64})
        assert (forged.status_code, aws.keys("incoming/")) == (403, [])
        assert (await aws.send(form, jpeg())).status_code == 204
    finally:
        standin.stop()


async def test_a_form_ends_after_five_minutes(aws: AwsPhotos):
    _, form = await aws.reception.begin(await aws.report(), "image/jpeg", 100, ANYONE)
    policy = (form.fields or {})["policy"]
    ends = msgspec.json.decode(base64.b64decode(policy))["expiration"]
    left = datetime.fromisoformat(ends) - datetime.now(UTC)
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)


# -- events -------------------------------------------------------------------------------------


def test_only_arrivals_of_uploads_are_told():
    issue_id, upload_id = new_id(), new_id()
    good = f"incoming/{issue_id}/{upload_id}"
    event = event_of(
        "bucket",
        good,
        good.replace("-", "%2D"),
        f"photos/{issue_id}/{upload_id}",
        f"uploads/{issue_id}/{upload_id}",
        f"incoming/{issue_id}",
        f"{good}/more",
        f"incoming/..%2F../{upload_id}",
        "incoming/+/%00",
    )
    assert arrivals(event) == [(issue_id, upload_id)] * 2
    assert arrivals({"Service": "Amazon S3", "Event": "s3:TestEvent"}) == []
