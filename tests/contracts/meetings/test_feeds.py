"""What every store of calendar feeds keeps: one address each, by its hash."""

import pytest
from sqlalchemy.exc import IntegrityError

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.calendar.model import Feed
from quadrangle.meetings.calendar.ports import FeedStore
from tests.meeting_stores import MeetingStores

AT = "2027-01-01T00:00:00.000Z"
ADA, BO = new_id(), new_id()


def told(account_id: str) -> list[Change]:
    return [Change("meeting-feed.renewed", account_id, {}, "Ada", AT)]


@pytest.fixture
def store(stores: MeetingStores) -> FeedStore:
    return stores.feeds


async def told_so_far(stores: MeetingStores) -> int:
    return len(await stores.changes())


async def test_a_feed_is_found_by_its_hash(store, stores):
    feed = Feed(ADA, "hash-1", AT)
    await store.put(feed, told(ADA))
    assert await store.by_hash("hash-1") == await store.get(ADA) == feed
    assert await store.by_hash("hash-2") is None
    assert await store.get(BO) is None
    assert await told_so_far(stores) == 1


async def test_a_renewed_feed_ends_the_one_before(store, stores):
    other = Feed(BO, "hash-2", AT)
    await store.put(other, told(BO))
    await store.put(Feed(ADA, "hash-1", AT), told(ADA))
    renewed = Feed(ADA, "hash-3", "2027-01-02T00:00:00.000Z")
    await store.put(renewed, told(ADA))
    assert await store.by_hash("hash-1") is None
    assert await store.by_hash("hash-3") == await store.get(ADA) == renewed
    assert await store.by_hash("hash-2") == other
    assert await told_so_far(stores) == 3


async def test_a_feed_is_removed_once(store, stores):
    await store.put(Feed(ADA, "hash-1", AT), told(ADA))
    assert await store.remove(ADA, told(ADA))
    assert not await store.remove(ADA, told(ADA))
    assert await store.by_hash("hash-1") is None
    assert await told_so_far(stores) == 2


async def test_no_address_opens_two_calendars(store, stores):
    await store.put(Feed(ADA, "hash-1", AT), [])
    with pytest.raises((IntegrityError, Conflict)):
        await store.put(Feed(BO, "hash-1", AT), told(BO))
    assert await store.get(BO) is None
    assert await told_so_far(stores) == 0
