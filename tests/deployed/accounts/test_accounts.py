"""Accounts through gateway, functions, the user pool and the queues behind the changes."""

import re
import time
from typing import Any
from uuid import uuid4

import pytest
from pyotp import TOTP

from tests.deployed.stack import PREFIX, Stack
from tests.running import Campus, wait_for

PASSWORD = "four-loud-badgers-17"


def link_to(stack: Stack, address: str, path: str) -> str:
    """Return the token of the link to a page that was mailed last to an address."""

    def found() -> str | None:
        mails = [mail["BodyText"] for mail in stack.sent_mails() if mail["To"] == [address]]
        tokens = [re.findall(rf"{path}#token=(\S+)", text) for text in mails]
        return next((each[0] for each in reversed(tokens) if each), None)

    return wait_for(found, f"a link to {path}")


def pool_of(stack: Stack) -> tuple[Any, str]:
    """Return a client of Cognito and the id of the installation's pool."""
    return stack.standin.client("cognito-idp"), stack.pool()


class Person:
    """Someone with an account of their own."""

    def __init__(self, campus: Campus, stack: Stack) -> None:
        self.campus, self.stack = campus, stack
        self.email = f"ann-{uuid4().hex}@campus.example"
        self.token = ""

    def sign_up(self) -> None:
        body = {"email": self.email, "name": "Ann", "password": PASSWORD}
        assert self.campus.call("POST", "/api/accounts/sign-up", body).status == 202
        assert self.try_password().status == 401  # not confirmed yet
        token = link_to(self.stack, self.email, "/confirm")
        confirmed = self.campus.call("POST", "/api/accounts/confirm", {"token": token})
        assert (confirmed.status, confirmed.json) == (200, {"email": self.email})

    def try_password(self, password: str = PASSWORD, **more: str) -> Any:
        body = {"email": self.email, "password": password, **more}
        return self.campus.call("POST", "/api/accounts/sign-in", body)

    def sign_in(self, password: str = PASSWORD, **more: str) -> dict[str, Any]:
        answer = self.try_password(password, **more)
        assert answer.status == 200, answer.body
        self.token = answer.json["accessToken"]
        return answer.json

    def enrol(self) -> tuple[TOTP, list[str]]:
        """Set up an authenticator app; return it and the recovery codes."""
        begun = self.campus.call(
            "POST", "/api/accounts/me/totp", {"password": PASSWORD}, token=self.token
        )
        assert begun.status == 200, begun.body
        app = TOTP(begun.json["secret"].replace(" ", ""))
        assert "<svg" in begun.json["qr"]
        body = {"enrolment": begun.json["enrolment"], "code": app.at(int(time.time()) - 30)}
        confirmed = self.campus.call(
            "POST", "/api/accounts/me/totp/confirm", body, token=self.token
        )
        assert confirmed.status == 200, confirmed.body
        return app, confirmed.json["recoveryCodes"]


@pytest.fixture
def ann(campus: Campus, stack: Stack) -> Person:
    person = Person(campus, stack)
    person.sign_up()
    return person


def test_signing_up_confirming_and_signing_in(ann: Person, campus: Campus, stack: Stack):
    assert ann.try_password("wrong-password-1").status == 401
    signed_in = ann.sign_in()
    assert signed_in["account"]["role"] == "student"
    me = campus.call("GET", "/api/accounts/me", token=ann.token)
    assert (me.status, me.json["email"], me.json["hasPassword"]) == (200, ann.email, True)
    assert me.json["twoFactor"]["totp"] is False
    # the link was for once
    token = link_to(stack, ann.email, "/confirm")
    assert campus.call("POST", "/api/accounts/confirm", {"token": token}).status in (200, 410)


def test_a_second_factor_is_asked_for_and_its_codes_are_good_once(ann: Person, campus: Campus):
    ann.sign_in()
    app, recovery = ann.enrol()
    asked = ann.try_password()
    assert (asked.status, asked.json["codeRequired"]) == (401, True)
    assert ann.try_password("wrong-password-1").json.get("codeRequired") is not True
    wrong = ann.try_password(code=app.at(int(time.time()) + 3_000))
    assert (wrong.status, wrong.json["codeRequired"]) == (401, True)
    code = app.now()
    ann.sign_in(code=code)
    assert ann.try_password(code=code).status == 401
    me = campus.call("GET", "/api/accounts/me", token=ann.token)
    assert me.json["twoFactor"] | {"totp": True, "recoveryCodesLeft": 10} == me.json["twoFactor"]
    assert len(recovery) == 10
    ann.sign_in(code=recovery[0])
    assert ann.try_password(code=recovery[0]).status == 401


def test_a_sign_in_is_refreshed_and_ends(ann: Person, campus: Campus):
    first = ann.sign_in()
    body = {"refreshToken": first["refreshToken"]}
    second = campus.call("POST", "/api/accounts/refresh", body)
    assert second.status == 200, second.body
    assert second.json["refreshToken"] != first["refreshToken"]
    # an answer that was lost is given once more
    again = campus.call("POST", "/api/accounts/refresh", body)
    assert again.json["refreshToken"] == second.json["refreshToken"]
    sessions = campus.call("GET", "/api/accounts/me/sessions", token=second.json["accessToken"])
    assert [each["method"] for each in sessions.json["sessions"]] == ["password"]
    everywhere = campus.call(
        "POST", "/api/accounts/sign-out-everywhere", token=second.json["accessToken"]
    )
    assert everywhere.status == 204
    body = {"refreshToken": second.json["refreshToken"]}
    assert campus.call("POST", "/api/accounts/refresh", body).status == 401


def test_a_forgotten_password_is_reset_by_mail(ann: Person, campus: Campus, stack: Stack):
    signed_in = ann.sign_in()
    asked = campus.call("POST", "/api/accounts/password-reset", {"email": ann.email})
    nobody = {"email": f"{uuid4().hex}@campus.example"}
    unknown = campus.call("POST", "/api/accounts/password-reset", nobody)
    assert (asked.status, asked.json) == (unknown.status, unknown.json) == (202, asked.json)
    token = link_to(stack, ann.email, "/reset")
    body = {"token": token, "newPassword": "five-tall-herons-23"}
    assert campus.call("PUT", "/api/accounts/password-reset", body).status == 204
    assert campus.call("PUT", "/api/accounts/password-reset", body).status == 410
    assert ann.try_password().status == 401
    refresh = {"refreshToken": signed_in["refreshToken"]}
    assert campus.call("POST", "/api/accounts/refresh", refresh).status == 401
    ann.sign_in("five-tall-herons-23")


def test_the_user_pool_shows_roles_as_groups(ann: Person, campus: Campus, stack: Stack, staff: str):
    cognito, pool = pool_of(stack)
    account_id = ann.sign_in()["account"]["accountId"]

    def groups() -> set[str]:
        answer = cognito.admin_list_groups_for_user(UserPoolId=pool, Username=account_id)
        return {group["GroupName"] for group in answer["Groups"]}

    wait_for(lambda: groups() == {"student"}, "the group of students")
    path = f"/api/accounts/people/{account_id}"
    changed = campus.call("PATCH", path, {"role": "teacher"}, token=staff)
    assert changed.status == 200, changed.body
    wait_for(lambda: groups() == {"teacher"}, "the group of teachers")
    assert campus.call("PATCH", path, {"active": False}, token=staff).status == 200
    assert ann.try_password().status == 401

    def switched_off() -> bool:
        user = cognito.admin_get_user(UserPoolId=pool, Username=account_id)
        return user["Enabled"] is False

    wait_for(switched_off, "the user to be switched off")


def test_who_was_invited_by_a_wrong_address_comes_in_by_the_right_one(
    campus: Campus, stack: Stack, staff: str
):
    wrong, right = (f"{name}-{uuid4().hex}@campus.example" for name in ("wrong", "right"))
    body = {"email": wrong, "name": "Bo", "role": "teacher"}
    made = campus.call("POST", "/api/accounts/people", body, token=staff).json["account"]
    before = link_to(stack, wrong, "/invitation")
    path = f"/api/accounts/people/{made['accountId']}/email"
    assert campus.call("PUT", path, {"email": right}, token=staff).status == 200
    look = "/api/accounts/invitation/look"
    assert campus.call("POST", look, {"token": before}).status == 410
    taken = {"token": link_to(stack, right, "/invitation"), "name": "Bo", "password": PASSWORD}
    assert campus.call("POST", "/api/accounts/invitation", taken).status == 200
    campus.sign_in(right, PASSWORD)
    cognito, pool = pool_of(stack)

    def has_moved() -> bool:
        found = cognito.admin_get_user(UserPoolId=pool, Username=made["accountId"])
        return {"Name": "email", "Value": right} in found["UserAttributes"]

    wait_for(has_moved, "the user pool to know the address")


def test_a_closed_account_leaves_nothing_personal(ann: Person, campus: Campus, stack: Stack):
    cognito, pool = pool_of(stack)
    account_id = ann.sign_in()["account"]["accountId"]
    closed = campus.call("POST", "/api/accounts/me/close", {"password": PASSWORD}, token=ann.token)
    assert closed.status == 204, closed.body
    assert ann.try_password().status == 401
    with pytest.raises(cognito.exceptions.UserNotFoundException):
        cognito.admin_get_user(UserPoolId=pool, Username=account_id)

    def erased() -> bool:
        dynamodb = stack.standin.client("dynamodb")
        key = {"key": {"S": f"account#{account_id}"}, "part": {"S": "all"}}
        item = dynamodb.get_item(TableName=f"{PREFIX}Accounts", Key=key)["Item"]
        return ann.email not in str(item) and "Ann" not in str(item)

    wait_for(erased, "the account to be erased")

    def nothing_in_the_outbox() -> bool:
        pages = stack.standin.client("dynamodb").get_paginator("scan")
        items = [i for page in pages.paginate(TableName=f"{PREFIX}Mails") for i in page["Items"]]
        return ann.email not in str(items)

    wait_for(nothing_in_the_outbox, "the mails to be erased")
    told = [mail["Subject"] for mail in stack.sent_mails() if mail["To"] == [ann.email]]
    assert "Your account is closed" in told
