"""The contract of meetings.calendar.ports.ReminderChoices, on every store."""

import pytest

from quadrangle.meetings.calendar.model import ReminderChoice
from quadrangle.meetings.calendar.ports import ReminderChoices
from tests.meeting_stores import MeetingStores


@pytest.fixture
def choices(stores: MeetingStores) -> ReminderChoices:
    return stores.choices


async def test_who_chose_nothing_has_the_usual(choices: ReminderChoices):
    assert await choices.get("a1") == ReminderChoice(day=True, hour=True)


async def test_what_was_chosen_last_holds_until_it_is_forgotten(choices: ReminderChoices):
    for choice in (ReminderChoice(False, True), ReminderChoice(False, False)):
        await choices.put("a1", choice)
        await choices.put("a2", ReminderChoice(True, False))
        assert await choices.get("a1") == choice
    await choices.remove("a1")
    await choices.remove("a1")
    assert await choices.get("a1") == ReminderChoice()
    assert await choices.get("a2") == ReminderChoice(True, False)
