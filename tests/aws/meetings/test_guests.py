"""Who was let in on machines, on DynamoDB."""

import pytest

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.guests import DynamoGuestBook
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.desktops.guests_model import Guests, LetIn
from quadrangle.meetings.model import MeetingRole
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

BY_LINK = LetIn("student", "m1", None, 2, MeetingRole.STUDENT)
BY_ACCOUNT = LetIn("guest", "m1", "a1", 1, MeetingRole.TEACHER)


@pytest.fixture
def book(standin: StandIn, clock: ManualClock) -> DynamoGuestBook:
    client = standin.client("dynamodb")
    return DynamoGuestBook(Dynamo(client), Tables(make_tables(client, "Meetings")), clock)


async def test_what_was_saved_is_there(book: DynamoGuestBook):
    assert await book.get("i-1") == Guests("i-1")
    saved = Guests("i-1", 1, (BY_LINK, BY_ACCOUNT), {"guest": "2026-11-21T09:30:00.000Z"})
    await book.save(saved)
    assert await book.get("i-1") == saved
    assert await book.get("i-2") == Guests("i-2")


async def test_only_the_next_version_is_saved(book: DynamoGuestBook):
    await book.save(Guests("i-1", 1, (BY_LINK,)))
    await book.save(Guests("i-1", 2))
    for late in (Guests("i-1", 1), Guests("i-1", 2), Guests("i-1", 4), Guests("i-2", 2)):
        with pytest.raises(Conflict):
            await book.save(late)
    assert await book.get("i-1") == Guests("i-1", 2)
