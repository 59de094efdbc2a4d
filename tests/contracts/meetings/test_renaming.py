"""Who is called otherwise now is called so on pages: on every store, and however often told."""

import pytest

from quadrangle.kernel.change import Change
from quadrangle.meetings.life_rules import FORMER
from quadrangle.meetings.reactions import MeetingReactions
from quadrangle.meetings.renaming import Renaming
from tests.contracts.meetings.booth import ADA, BO, CY, MONDAY_9, MONDAY_10, POLICY, Booth
from tests.contracts.meetings.meeting_post import Directory
from tests.parts import whole

RENAMED = Change("account.changed", ADA.account_id or "", {"field": "name"}, "Ada", "")


class Desk:
    """The names of accounts, and the reaction to their change."""

    def __init__(self, booth: Booth) -> None:
        stores = booth.stores
        self.directory = Directory(ADA, BO, CY)
        self.renaming = Renaming(stores.meetings, stores.hours, self.directory, booth.clock, POLICY)

    async def rename(self, account_id: str | None, name: str) -> None:
        self.directory.names[account_id] = name
        (reaction,) = self.renaming.reactions()
        for _ in range(2):
            change = Change("account.changed", account_id or "", {"field": "name"}, name, "")
            assert reaction.wants is None or reaction.wants(change)
            await self.renaming.follow_name(change)


@pytest.fixture
def desk(booth: Booth) -> Desk:
    return Desk(booth)


async def test_published_hours_and_meetings_bear_the_present_name(booth: Booth, desk: Desk):
    await booth.publish()
    first, second = await booth.take(MONDAY_9), await booth.take(MONDAY_10, CY)
    await booth.changing.cancel(second.meeting_id, CY)
    await desk.rename(ADA.account_id, "Ada King")
    (offered,) = (await booth.looking.teachers(20, None, "UTC", BO)).items
    assert offered.hours.teacher_name == "Ada King"
    assert {each.teacher_name for each in await booth.all()} == {"Ada King"}
    assert {each.student_name for each in await booth.all()} == {"Student 0", "Student 1"}
    await desk.rename(BO.account_id, "Bo the Second")
    now = await booth.meetings.get(first.meeting_id)
    assert now is not None
    assert (now.teacher_name, now.student_name) == ("Ada King", "Bo the Second")
    assert (now.meet_time, now.sequence, now.status) == (
        first.meet_time,
        first.sequence,
        first.status,
    )
    assert (await booth.take(MONDAY_10)).teacher_name == "Ada King"
    assert (await booth.kinds()).count("meeting.renamed") == 3  # once for each and name


async def test_no_closed_account_gets_its_name_back(booth: Booth, desk: Desk):
    await booth.publish()
    booked = await booth.take(MONDAY_9)
    del desk.directory.names[ADA.account_id]
    closed = Change("account.closed", ADA.account_id or "", {}, "Ada", "")
    stores = booth.stores
    reactions = MeetingReactions(stores.meetings, None, None, booth.clock, POLICY)  # type: ignore[arg-type]
    await whole(reactions.forget_member, closed)
    await desk.renaming.follow_name(RENAMED)
    now = await booth.meetings.get(booked.meeting_id)
    assert now is not None
    assert now.teacher_name == FORMER


async def test_other_changes_of_accounts_are_none_of_its_business(desk: Desk):
    (reaction,) = desk.renaming.reactions()
    assert reaction.wants is not None
    assert not reaction.wants(Change("account.changed", "a", {"field": "role"}, "x", ""))
