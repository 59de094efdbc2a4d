"""What administrators do with people's accounts, as docs/api-accounts.md has it."""

from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from quadrangle.accounts.people import import_list as people_import
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.kernel.principal import Role
from tests.account_desk import EMAIL, ISSUER, SqlDesk
from tests.account_post import PostOffice, token_in
from tests.http.accounts.account_app import Client, app_of, hire, sign_in
from tests.http.accounts.factor_pages import App

PEOPLE = "/api/accounts/people"
CSV = {"Content-Type": "text/csv; charset=utf-8"}
NOBODYS = "6f1c1b4e-0f0e-4c0e-8a3f-0d1f2b3c4d5e"


@pytest.fixture
async def admin(client: Client) -> dict[str, str]:
    return await sign_in(client)


async def invite(client: Client, admin, email: str, name="Cy", role="student") -> Any:
    body = {"email": email, "name": name, "role": role}
    response = await client.post(PEOPLE, json=body, headers=admin)
    assert response.status_code == 201, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()


async def names(client: Client, admin, **query) -> list[str]:
    response = await client.get(PEOPLE, params=query, headers=admin)
    assert response.status_code == 200, response.text
    return [each["name"] for each in response.json()["people"]]


# -- finding ------------------------------------------------------------------------------------


async def test_people_are_found_by_words_role_and_status(client, admin):
    await hire(client, admin)
    await invite(client, admin, "zoe@two.example", "Zoë", "teacher")
    off = await hire(client, admin, "off@campus.example", "student")
    path = f"{PEOPLE}/{off['account']['accountId']}"
    body = {"name": "Al", "active": False}
    assert (await client.patch(path, json=body, headers=admin)).json()["status"] == "disabled"
    assert await names(client, admin) == ["Administrator", "Al", "Bo", "Zoë"]
    assert await names(client, admin, q="ZOE two") == ["Zoë"]
    assert await names(client, admin, role="staff") == ["Bo"]
    assert await names(client, admin, status="active") == ["Administrator", "Bo"]
    assert await names(client, admin, status="disabled") == ["Al"]
    assert await names(client, admin, status="invited", role="teacher") == ["Zoë"]
    assert await names(client, admin, status="closed") == []
    wrong = await client.get(PEOPLE, params={"role": "dean"}, headers=admin)
    assert wrong.status_code == 400


async def test_pages_go_on_after_the_longest_names(client, admin):
    for n, sign in enumerate(("ﷺ", "ж", "A")):
        await invite(client, admin, f"n{n}@campus.example", sign * 100)
    seen, cursor = [], None
    for _ in range(4):
        query = {"limit": 1} if cursor is None else {"limit": 1, "cursor": cursor}
        page = (await client.get(PEOPLE, params=query, headers=admin)).json()
        seen += [each["name"] for each in page["people"]]
        cursor = page["nextCursor"]
    assert cursor is None
    assert len(set(seen)) == 4


# -- inviting -----------------------------------------------------------------------------------


async def test_an_invitation_shows_its_address_once_and_opens_the_account(client, admin, desk):
    invited = await invite(client, admin, "Cy@Campus.example")
    assert invited["account"]["email"] == "cy@campus.example"
    assert invited["account"]["status"] == "invited"
    page, _, token = invited["invitationUrl"].partition("#token=")
    assert page == f"{ISSUER}/invitation"
    assert token not in str(await desk.changes())
    look = await client.post("/api/accounts/invitation/look", json={"token": token})
    assert look.json() == {"email": "cy@campus.example", "name": "Cy", "role": "student"}
    body = {"token": token, "name": "Cyd", "password": "a quiet green door"}
    assert (await client.post("/api/accounts/invitation", json=body)).status_code == 200
    assert (await client.get("/api/accounts/me")).json()["name"] == "Cyd"


async def test_another_role_leaves_the_invitation_good(client, admin):
    invited = await invite(client, admin, "cy@campus.example")
    path = f"{PEOPLE}/{invited['account']['accountId']}"
    assert (await client.patch(path, json={"role": "teacher"}, headers=admin)).status_code == 200
    token = invited["invitationUrl"].partition("#token=")[2]
    look = await client.post("/api/accounts/invitation/look", json={"token": token})
    assert look.json()["role"] == "teacher"


async def test_an_address_is_used_once(client, admin):
    await invite(client, admin, "cy@campus.example")
    body = {"email": "CY@campus.example", "name": "Cy", "role": "student"}
    response = await client.post(PEOPLE, json=body, headers=admin)
    assert response.status_code == 409
    assert "already" in response.json()["message"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"email": "x", "name": "", "role": "staff"}, ["email", "name"]),
        ({"email": "cy@campus.example", "name": "Cy", "role": "dean"}, ["role"]),
        ({"email": "cy@campus.example"}, ["name", "role"]),
    ],
)
async def test_the_faults_of_an_invitation_are_named(client, admin, body, fields):
    response = await client.post(PEOPLE, json=body, headers=admin)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == fields


async def test_an_invitation_is_sent_again_until_it_is_accepted(client, admin, desk):
    path = f"{PEOPLE}/{(await invite(client, admin, 'cy@campus.example'))['account']['accountId']}"
    again = await client.post(path + "/invitation", headers=admin)
    assert again.status_code == 200
    assert "#token=" in again.json()["invitationUrl"]
    assert (await desk.kinds())[-1] == "account.invited"
    await client.patch(path, json={"active": False}, headers=admin)
    assert (await client.post(path + "/invitation", headers=admin)).status_code == 409
    await client.patch(path, json={"active": True}, headers=admin)
    assert (await client.post(path + "/password", headers=admin)).status_code == 200
    assert (await client.post(path + "/invitation", headers=admin)).status_code == 409


async def test_where_sign_up_is_closed_nobody_is_invited(sqlite_database, clock):
    closed = SqlDesk(sqlite_database, clock, AccountPolicy(sign_up=SignUp.CLOSED))
    await closed.open()
    async with AsyncTestClient(app_of(closed)) as client:
        admin = await sign_in(client)
        body = {"email": "cy@campus.example", "name": "Cy", "role": "student"}
        assert (await client.post(PEOPLE, json=body, headers=admin)).status_code == 403
        listed = b"email,name,role\ncy@campus.example,Cy,student"
        response = await client.post(PEOPLE + "/import", content=listed, headers={**admin, **CSV})
        assert response.status_code == 403
        assert await names(client, admin) == ["Administrator"]


# -- correcting an address ----------------------------------------------------------------------

RIGHT = "cyd@campus.example"


@pytest.fixture
def post(desk: SqlDesk) -> PostOffice:
    return PostOffice(desk)


async def correct(client: Client, admin, account: dict[str, Any], email: str) -> Any:
    path = f"{PEOPLE}/{account['accountId']}/email"
    return await client.put(path, json={"email": email}, headers=admin)


async def look(client: Client, token: str) -> Any:
    return await client.post("/api/accounts/invitation/look", json={"token": token})


async def test_who_was_invited_by_a_wrong_address_is_invited_by_the_right_one(client, admin, post):
    invited = await invite(client, admin, "cy@campus.exampel")
    (before,) = await post.fetch("cy@campus.exampel")
    corrected = await correct(client, admin, invited["account"], "CYD@campus.example")
    assert corrected.status_code == 200, corrected.text
    assert corrected.json()["account"] == {**invited["account"], "email": RIGHT}
    for dead in (token_in(before, "/invitation"), invited["invitationUrl"].partition("=")[2]):
        assert (await look(client, dead)).status_code == 410
    shown = corrected.json()["invitationUrl"].partition("#token=")[2]
    for token in (shown, token_in(await post.one(RIGHT), "/invitation")):
        assert (await look(client, token)).json()["email"] == RIGHT
    assert await post.fetch("cy@campus.exampel") == []
    assert await names(client, admin, q="cyd@") == ["Cy"]
    assert await names(client, admin, q="exampel") == []


async def test_who_signed_up_with_a_wrong_address_chooses_the_password_anew(sqlite_database, clock):
    desk = SqlDesk(sqlite_database, clock, AccountPolicy(sign_up=SignUp.OPEN, public_url=ISSUER))
    await desk.open()
    post = PostOffice(desk)
    async with AsyncTestClient(app_of(desk)) as client:
        body = {"email": "cy@campus.exampel", "name": "Cy", "password": "a quiet green door"}
        assert (await client.post("/api/accounts/sign-up", json=body)).status_code == 202
        before = token_in((await post.fetch("cy@campus.exampel"))[0], "/confirm")
        admin = await sign_in(client)
        cy = (await client.get(PEOPLE, params={"q": "cy@"}, headers=admin)).json()["people"][0]
        corrected = (await correct(client, admin, cy, RIGHT)).json()
        assert corrected["account"]["status"] == "unconfirmed"
        assert corrected["invitationUrl"] is None
        over = await client.post("/api/accounts/confirm", json={"token": before})
        assert over.status_code == 410
        token = token_in(await post.one(RIGHT), "/reset")
        chosen = {"token": token, "newPassword": "another red window"}
        answer = await client.put("/api/accounts/password-reset", json=chosen)
        assert answer.status_code == 204, answer.text
        await sign_in(client, RIGHT, "another red window")


async def test_an_open_account_moves_when_the_new_address_answers(client, admin, post):
    hired = await hire(client, admin)
    bo = hired["account"]
    await post.fetch(bo["email"])
    corrected = (await correct(client, admin, bo, RIGHT)).json()
    assert corrected["account"] == {**bo, "newEmail": RIGHT}
    assert corrected["invitationUrl"] is None
    assert (await post.one(bo["email"])).subject == "Your address is about to change"
    await sign_in(client, bo["email"], hired["password"])
    token = token_in(await post.one(RIGHT), "/confirm")
    assert (await client.post("/api/accounts/confirm", json={"token": token})).status_code == 200
    await sign_in(client, RIGHT, hired["password"])
    shown = await client.get(f"{PEOPLE}/{bo['accountId']}", headers=admin)
    assert (shown.json()["email"], shown.json()["newEmail"]) == (RIGHT, None)


@pytest.mark.parametrize(
    ("email", "status", "told"),
    [
        ("cy@campus.example", 400, "has now"),
        ("nonsense", 400, "name@campus.example"),
        ("", 400, "fill this in"),
        ("taken@campus.example", 409, "already"),
        ("TAKEN@campus.example ", 409, "already"),
    ],
)
async def test_an_address_that_cannot_be_had_changes_nothing(client, admin, email, status, told):
    await invite(client, admin, "taken@campus.example")
    account = (await invite(client, admin, "cy@campus.example"))["account"]
    for path in (account, (await hire(client, admin, "di@campus.example"))["account"]):
        if "has now" in told:
            email = path["email"]
        answer = await correct(client, admin, path, email)
        assert answer.status_code == status
        assert told in answer.json()["message"]
        shown = await client.get(f"{PEOPLE}/{path['accountId']}", headers=admin)
        assert shown.json() == path


async def test_a_disabled_account_is_enabled_first_and_nobody_is_not_found(client, admin):
    cy = (await invite(client, admin, "cy@campus.example"))["account"]
    await client.patch(f"{PEOPLE}/{cy['accountId']}", json={"active": False}, headers=admin)
    answer = await correct(client, admin, cy, RIGHT)
    assert (answer.status_code, "enable it first" in answer.json()["message"]) == (409, True)
    assert (await correct(client, admin, {"accountId": NOBODYS}, RIGHT)).status_code == 404


# -- lists --------------------------------------------------------------------------------------


async def test_a_list_invites_everyone_who_is_not_known(client, admin, desk):
    listed = "email;name;role\n" + "\n".join(
        f"n{n}@campus.example;Någon {n};student" for n in range(120)
    )
    listed += f"\n{EMAIL};Ada;student\n"
    for invited, known in ((120, [EMAIL]), (0, 121)):
        response = await client.post(
            PEOPLE + "/import", content=listed.encode(), headers={**admin, **CSV}
        )
        assert response.status_code == 200, response.text
        report = response.json()
        assert report["invited"] == invited
        assert report["known"] == known or len(report["known"]) == known
    assert (await desk.account(EMAIL)).role is Role.ADMIN
    assert (await desk.kinds()).count("account.created") == 121


async def test_a_list_with_a_fault_invites_nobody(client, admin):
    listed = b"email,name,role\ncy@campus.example,Cy,student\nnobody,Di,dean\n"
    response = await client.post(PEOPLE + "/import", content=listed, headers={**admin, **CSV})
    assert response.status_code == 400
    assert {error["field"] for error in response.json()["errors"]} == {"line 3"}
    assert await names(client, admin) == ["Administrator"]


async def test_what_is_no_csv_or_too_much_is_refused(client, admin):
    path = PEOPLE + "/import"
    as_json = {**admin, "Content-Type": "application/json"}
    assert (await client.post(path, content=b"[]", headers=as_json)).status_code == 400
    assert (await client.post(path, content=b"", headers={**admin, **CSV})).status_code == 400
    much = b"x" * (people_import.MAX_BYTES + 1)
    assert (await client.post(path, content=much, headers={**admin, **CSV})).status_code == 413


# -- changing -----------------------------------------------------------------------------------


async def test_a_person_is_renamed_given_a_role_and_disabled(client, admin):
    hired = await hire(client, admin)
    path = f"{PEOPLE}/{hired['account']['accountId']}"
    response = await client.patch(path, json={"name": "Beau", "role": "teacher"}, headers=admin)
    assert response.json() == {**hired["account"], "name": "Beau", "role": "teacher"}
    assert (await client.get(path, headers=admin)).json() == response.json()
    assert (await client.patch(path, json={"active": False}, headers=admin)).status_code == 200
    body = {"email": "bo@campus.example", "password": hired["password"]}
    assert (await client.post("/api/accounts/sign-in", json=body)).status_code == 401
    assert (await client.patch(path, json={"name": None}, headers=admin)).status_code == 400


@pytest.mark.parametrize("body", [{"active": False}, {"role": "staff"}])
async def test_the_last_administrator_stays(client, admin, desk, body):
    path = f"{PEOPLE}/{(await desk.account(EMAIL)).account_id}"
    response = await client.patch(path, json=body, headers=admin)
    assert response.status_code == 409
    assert "last active administrator" in response.json()["message"]


async def test_a_new_password_ends_what_the_old_one_opened(client, admin):
    hired = await hire(client, admin)
    staff = await sign_in(client, "bo@campus.example", hired["password"])
    path = f"{PEOPLE}/{hired['account']['accountId']}/password"
    response = await client.post(path, headers=admin)
    assert response.headers["cache-control"] == "no-store"
    assert (await client.get("/api/accounts/me", headers=staff)).status_code == 401
    await sign_in(client, "bo@campus.example", response.json()["password"])


async def test_signing_someone_out_ends_every_sign_in_of_theirs(client, admin):
    hired = await hire(client, admin)
    both = [await sign_in(client, "bo@campus.example", hired["password"]) for _ in range(2)]
    path = f"{PEOPLE}/{hired['account']['accountId']}/sign-out"
    assert (await client.post(path, headers=admin)).status_code == 204
    for headers in both:
        assert (await client.get("/api/accounts/me", headers=headers)).status_code == 401
    assert (await client.get("/api/accounts/me", headers=admin)).status_code == 200
    await sign_in(client, "bo@campus.example", hired["password"])


@pytest.mark.parametrize("account_id", ["nobody", NOBODYS])
async def test_there_is_no_such_account(client, admin, account_id):
    path = f"{PEOPLE}/{account_id}"
    assert (await client.get(path, headers=admin)).status_code == 404
    assert (await client.patch(path, json={}, headers=admin)).status_code == 404
    for more in ("/password", "/invitation", "/sign-out"):
        assert (await client.post(path + more, headers=admin)).status_code == 404


async def test_second_factors_are_taken_away_for_a_lost_phone(client, admin, desk):
    hired = await hire(client, admin)
    account_id = hired["account"]["accountId"]
    staff = await sign_in(client, "bo@campus.example", hired["password"])
    body = {"password": hired["password"]}
    begun = (await client.post("/api/accounts/me/totp", json=body, headers=staff)).json()
    app = App(begun["secret"], desk)
    body = {"enrolment": begun["enrolment"], "code": app.code()}
    confirmed = await client.post("/api/accounts/me/totp/confirm", json=body, headers=staff)
    assert confirmed.status_code == 200, confirmed.text
    path = f"{PEOPLE}/{account_id}"
    assert (await client.get(path, headers=admin)).json()["twoFactor"] is True
    assert (await client.delete(path + "/second-factor", headers=admin)).status_code == 204
    assert (await client.get(path, headers=admin)).json()["twoFactor"] is False
    await sign_in(client, "bo@campus.example", hired["password"])
    nobody = await client.delete(f"{PEOPLE}/{NOBODYS}/second-factor", headers=admin)
    assert nobody.status_code == 404
