"""A person's meetings as their calendar reads them, and as a file."""

from datetime import timedelta

import pytest

from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import NotFound, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.meetings.calendar import feeds
from quadrangle.meetings.model import MeetingRole
from quadrangle.sql.meetings.booking_tables import meeting_feeds
from tests.contracts.meetings.booth import ADA, BO, CY, MONDAY_9, MONDAY_10, Booth
from tests.contracts.meetings.meeting_post import MeetingPost, read
from tests.meeting_stores import DynamoMeetings


@pytest.fixture
def post(booth: Booth) -> MeetingPost:
    return MeetingPost(booth, ADA, BO, CY)


async def uids(post: MeetingPost, token: str) -> list[str]:
    return [event.uid for event in read(await post.feeds.read(token)).events]


async def test_a_feed_holds_ones_meetings_of_both_sides(booth, post):
    await booth.publish()
    first, second = await booth.take(MONDAY_9), await booth.take(MONDAY_10, CY)
    teachers, students = await post.feeds.renew(ADA), await post.feeds.renew(BO)
    assert await uids(post, teachers) == [first.meeting_id, second.meeting_id]
    assert await uids(post, students) == [first.meeting_id]
    (event,) = read(await post.feeds.read(students)).events
    assert event.summary == "Meeting with Ada Lovelace"
    await booth.changing.cancel(first.meeting_id, BO)
    assert await uids(post, teachers) == [second.meeting_id]


async def test_a_feed_opens_no_meeting(booth, post):
    await booth.publish()
    await booth.take(MONDAY_9)
    text = (await post.feeds.read(await post.feeds.renew(BO))).replace("\r\n ", "")
    assert "key=" not in text
    assert "https://meet.campus.example/meet" in text


async def test_a_renewed_feed_has_one_address(post):
    first = await post.feeds.renew(BO)
    second = await post.feeds.renew(BO)
    assert await uids(post, second) == []
    with pytest.raises(NotFound):
        await post.feeds.read(first)
    await post.feeds.end(BO)
    with pytest.raises(NotFound):
        await post.feeds.read(second)
    with pytest.raises(NotFound):
        await post.feeds.end(BO)


async def test_a_token_is_stored_nowhere(booth, post):
    token = await post.feeds.renew(BO)
    if isinstance(booth.stores, DynamoMeetings):
        rows = list(booth.stores.dynamo.scan(booth.stores.tables.of(MEETINGS)))
    else:
        rows = await booth.stores.database.read(lambda c: c.execute(meeting_feeds.select()).all())
    assert rows
    assert token not in repr(rows)
    assert len(token) == 43


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "x" * 10_000, "../../etc/passwd", "%00"])
async def test_what_is_no_token_opens_nothing(post, token):
    with pytest.raises(NotFound):
        await post.feeds.read(token)


async def test_a_feed_ends_with_its_account(post):
    token = await post.feeds.renew(BO)
    del post.directory.names[BO.account_id]
    with pytest.raises(NotFound):
        await post.feeds.read(token)


async def test_a_feed_reaches_back_and_ahead_so_far(booth, post, clock):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    token = await post.feeds.renew(BO)
    start = from_text(MONDAY_9)
    clock.advance(start + feeds.BACK - clock.now())
    assert await uids(post, token) == [meeting.meeting_id]
    clock.advance(timedelta(minutes=1))
    assert await uids(post, token) == []


async def test_feeds_are_for_who_is_signed_in(post):
    for call in (post.feeds.renew, post.feeds.own, post.feeds.end):
        with pytest.raises(NotSignedIn):
            await call(ANYONE)


# -- files ------------------------------------------------------------------------------------


async def test_a_file_holds_the_link_of_its_reader_alone(booth, post):
    await booth.publish()
    meeting = await booth.take(MONDAY_9)
    links = post.links.of(meeting)
    wanted = {
        (ADA, None): links.teacher_link,
        (BO, None): links.student_link,
        (ANYONE, MeetingRole.STUDENT): links.student_link,
        (Principal("Sam", Role.STAFF, "staff-1"), None): None,
    }
    for (actor, side), link in wanted.items():
        (event,) = read(await post.files.read(meeting.meeting_id, actor, side)).events
        assert event.uid == meeting.meeting_id
        assert (None if event.url is None else str(event.url)) == link
    for stranger in (ANYONE, CY):
        with pytest.raises(NotFound):
            await post.files.read(meeting.meeting_id, stranger)
    with pytest.raises(NotFound):
        await post.files.read("nothing", ADA)
