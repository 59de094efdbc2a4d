"""Who is staff, and the PIN they share."""

from quadrangle.kernel.principal import Role
from tests.account_desk import PIN
from tests.http.accounts.account_app import hire, sign_in


async def test_an_admin_changes_the_pin(client):
    admin = await sign_in(client)
    by_pin = await client.post("/api/accounts/pin", json={"pin": PIN})
    old = {"Authorization": f"Bearer {by_pin.json()['accessToken']}"}
    client.cookies.clear()
    made = (await client.put("/api/accounts/pin", json={}, headers=admin)).json()["pin"]
    assert len(made) == 8
    assert (await client.get("/api/accounts/me", headers=old)).status_code == 401
    assert (await client.post("/api/accounts/pin", json={"pin": PIN})).status_code == 401
    assert (await client.post("/api/accounts/pin", json={"pin": made})).status_code == 200
    client.cookies.clear()
    chosen = await client.put("/api/accounts/pin", json={"pin": "9f-3k!x"}, headers=admin)
    assert chosen.json() == {"pin": "9f-3k!x"}
    easy = await client.put("/api/accounts/pin", json={"pin": "123456"}, headers=admin)
    assert easy.status_code == 400


async def test_staff_is_listed_for_staff_only(client):
    admin = await sign_in(client)
    hired = await hire(client, admin)
    headers = await sign_in(client, "bo@campus.example", hired["password"])
    listed = (await client.get("/api/accounts/staff", headers=headers)).json()["staff"]
    assert [(each["name"], each["active"]) for each in listed] == [
        ("Administrator", True),
        ("Bo", True),
    ]
    assert set(listed[0]) == {"accountId", "email", "name", "role", "active", "createdAt"}
    assert (await client.get("/api/accounts/staff")).status_code == 401


async def test_nothing_is_assigned_to_who_has_not_come_yet(client, desk):
    admin = await sign_in(client)
    body = {"email": "cy@campus.example", "name": "Cy", "role": "staff"}
    invited = await client.post("/api/accounts/people", json=body, headers=admin)
    account_id = invited.json()["account"]["accountId"]
    assert not await desk.service.staff.is_active_staff(account_id)


async def test_the_directory_knows_who_can_be_assigned(client, desk):
    admin = await sign_in(client)
    hired = (await hire(client, admin))["account"]
    account_id = hired["accountId"]
    assert await desk.service.staff.is_active_staff(account_id)
    assert not await desk.service.staff.is_active_staff("nobody")
    await client.patch(f"/api/accounts/people/{account_id}", json={"active": False}, headers=admin)
    assert not await desk.service.staff.is_active_staff(account_id)
    assert (await desk.service.staff.staff_names())[account_id] == "Bo"
    assert (await desk.account("bo@campus.example")).role is Role.STAFF
