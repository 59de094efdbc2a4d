"""What every list of people answers: in order, narrowed, page by page."""

import pytest

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import PeopleQuery
from quadrangle.accounts.rules import AccountEdit
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import SYSTEM, Role
from tests.account_desk import Desk


async def add(
    desk: Desk,
    name: str,
    role: Role = Role.STUDENT,
    state: AccountState = AccountState.OPEN,
    email: str | None = None,
) -> Account:
    address = email or f"{new_id()}@campus.example"
    account, facts = rules.open_account(
        new_id(), address, name, role, SYSTEM, desk.clock.now(), state
    )
    await desk.credentials.open(account, None, facts)
    return account


async def names(desk: Desk, **query) -> list[str]:
    return [each.name for each in (await desk.accounts.people(PeopleQuery(**query))).items]


async def test_people_come_by_name_without_regard_to_accents_and_capitals(desk):
    for name in ("cy", "Bö", "Al", "Ben"):
        await add(desk, name)
    assert await names(desk) == ["Al", "Ben", "Bö", "cy"]


async def test_people_are_found_by_words_role_and_state(desk):
    await add(desk, "Zoë Smith", Role.TEACHER, email="zs@one.example")
    await add(desk, "Al Smithers", Role.STAFF, email="al@two.example")
    await add(desk, "Bo 100%_", state=AccountState.INVITED, email="bo@two.example")
    off = await add(desk, "Cy", Role.STAFF, email="cy@one.example")
    await desk.accounts.update(
        off.account_id,
        lambda a, n: rules.edit(a, AccountEdit(active=False), n, SYSTEM, desk.clock.now()),
    )
    assert await names(desk, words="smith") == ["Al Smithers", "Zoë Smith"]
    assert await names(desk, words="SMITH zoe") == ["Zoë Smith"]
    assert await names(desk, words="two.example") == ["Al Smithers", "Bo 100%_"]
    assert await names(desk, words="0%_") == ["Bo 100%_"]
    assert await names(desk, words="%") == ["Bo 100%_"]
    assert await names(desk, role=Role.STAFF) == ["Al Smithers", "Cy"]
    assert await names(desk, role=Role.STAFF, active=True) == ["Al Smithers"]
    assert await names(desk, state=AccountState.INVITED) == ["Bo 100%_"]
    assert await names(desk, words="nobody") == []


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
async def test_pages_follow_one_another_and_end(desk, limit):
    made = [await add(desk, name) for name in ("Al", "Al", "al", "Bo", "Cy")]
    found: list[Account] = []
    cursor = None
    for _ in range(6):
        page = await desk.accounts.people(PeopleQuery(limit=limit, cursor=cursor))
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert cursor is None
    assert len(found) == 5
    assert {each.account_id for each in found} == {each.account_id for each in made}


async def test_the_list_follows_names(desk):
    account = await add(desk, "Al")
    await add(desk, "Bo")
    await desk.accounts.update(
        account.account_id,
        lambda a, n: rules.edit(a, AccountEdit(name="Cy"), n, SYSTEM, desk.clock.now()),
    )
    assert await names(desk) == ["Bo", "Cy"]


async def test_the_longest_names_in_any_script_are_listed(desk):
    for sign in ("ﷺ", "😀", "x"):
        await add(desk, sign * rules.MAX_NAME)
    assert len(await names(desk, limit=2)) == 2
    assert len(await names(desk)) == 3


async def test_a_cursor_that_is_not_ours_is_refused(desk):
    with pytest.raises(InvalidInput):
        await desk.accounts.people(PeopleQuery(cursor="nonsense"))
