"""What may be about the same as an issue, found on every store."""

from datetime import timedelta
from typing import Any

import pytest

from quadrangle.issues.model import Issue, Status
from quadrangle.issues.overview.overview import Overview
from quadrangle.issues.overview.similar import MOST, Similar
from quadrangle.kernel.errors import Forbidden, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from tests.contracts.issues.desks import STAFF, Desk


async def similar(desk: Desk, issue: Issue, actor: Principal = STAFF) -> list[Similar]:
    await desk.project()
    nobody: Any = None
    overview = Overview(desk.store, nobody, desk.clock, nobody)
    return await overview.similar(issue.issue_id, actor)


def ids(found: list[Similar]) -> list[str]:
    return [each.issue.issue_id for each in found]


async def test_the_likeliest_comes_first_and_each_says_why(desk: Desk):
    words = await desk.report("PROJECTOR: flickers, greenish", location="Car Park")
    place = await desk.report("The door squeaks", issue_type="Maintenance")
    both = await desk.report("Greenish flickers again, on the projector's screen")
    await desk.report("Nothing of the sort", issue_type="Maintenance", location="Car Park")
    await desk.report("Only the projector", location="Hostel A")
    issue = await desk.report("The “projector” flickers and is greenish since Monday.")
    found = await similar(desk, issue)
    assert ids(found) == [both.issue_id, words.issue_id, place.issue_id]
    told = [(each.same_type, each.same_place, each.words) for each in found]
    assert told == [
        (True, True, ["projector", "flickers", "greenish"]),
        (True, False, ["projector", "flickers", "greenish"]),
        (False, True, []),
    ]


async def test_another_type_at_the_same_place_is_suggested_for_two_weeks(desk: Desk):
    old = await desk.report("Smell of gas", issue_type="Security")
    alike = await desk.report("Dark")
    desk.clock.advance(timedelta(days=15))
    issue = await desk.report("The lamp is out")
    assert ids(await similar(desk, issue)) == [alike.issue_id]
    late = await desk.report("Smell of gas", issue_type="Other")
    desk.clock.advance(timedelta(days=13))
    issue = await desk.report("It smells", issue_type="Maintenance")
    assert old.issue_id not in ids(await similar(desk, issue))
    assert late.issue_id in ids(await similar(desk, issue))


async def test_a_duplicate_stands_for_its_original_once(desk: Desk):
    original = await desk.report("The Wi-Fi drops", location="Car Park")
    first = await desk.report("No network")
    second = await desk.report("No network either")
    for each in (first, second):
        await desk.edit(each, duplicate_of=original.issue_id)
    issue = await desk.report("No network here")
    assert len(await similar(desk, issue)) == 1
    # what is linked already is not suggested, from neither end
    linked = await desk.edit(issue, duplicate_of=original.issue_id)
    assert await similar(desk, linked) == []
    assert await similar(desk, original) == []


async def test_suggestions_are_bounded_and_unresolved_ones_come_first(desk: Desk):
    reports = [await desk.report(f"Number {n}") for n in range(MOST + 4)]
    for each in reports[2:]:
        await desk.edit(each, status=Status.RESOLVED)
    found = ids(await similar(desk, await desk.report("One more")))
    assert len(found) == MOST
    assert set(found[:2]) == {each.issue_id for each in reports[:2]}


@pytest.mark.parametrize(
    "text", ["—", "🎓🎓🎓", "a b c", "is broken", "x" * 5_000, "'\"% OR NEAR("]
)
async def test_texts_that_tell_nothing_find_what_is_at_the_place(desk: Desk, text: str):
    other = await desk.report(text)
    issue = await desk.report(text)
    assert ids(await similar(desk, issue)) == [other.issue_id]


async def test_only_staff_may_ask_and_only_for_what_there_is(desk: Desk):
    issue = await desk.report()
    with pytest.raises(Forbidden):
        await similar(desk, issue, Principal("Student", Role.STUDENT, "account-9"))
    with pytest.raises(NotFound):
        await Overview(desk.store, None, desk.clock, None).similar(new_id(), STAFF)  # type: ignore[arg-type]
