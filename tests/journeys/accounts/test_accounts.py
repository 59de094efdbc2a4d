"""People and their accounts, from the first mail to the last click."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accounts.account_steps import (
    MAIL_WRITTEN,
    OTHER_PASSWORD,
    PASSWORD,
    confirm,
    enter,
    mailed_link,
    member,
    new_email,
    next_code,
    part,
    set_up_app,
    sign_up,
    signed_in,
)
from tests.journeys.conftest import DESKTOP


def refused(page: Page, message: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(re.compile(message))


@pytest.mark.smoke
def test_sign_up_confirm_and_sign_in(student):
    email = new_email()
    page = student.open("/sign-up")
    page.get_by_role("button", name="Create the account").click()
    refused(page, "Enter your e-mail address.")
    student.check_accessibility()
    sign_up(student, email)
    student.check_accessibility()

    enter(page, email)
    refused(page, "do not belong together")  # an address nobody has confirmed opens nothing
    confirm(student, email)
    student.check_accessibility()
    page.get_by_role("link", name="Go to sign-in").click()
    expect(page.get_by_label("E-mail", exact=True)).to_have_value(email)  # typed once is enough

    enter(page, email, "not-the-right-one-5")
    refused(page, "do not belong together")
    student.check_accessibility()
    enter(page, email)
    signed_in(page)
    page.get_by_role("button", name="Account").click()
    expect(page.get_by_text("Ada", exact=True)).to_be_visible()
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    student.check_accessibility()


def test_a_confirmation_works_once(student):
    email = new_email()
    sign_up(student, email)
    link = mailed_link(student.server, email, "/confirm")
    confirm(student, email)
    page = student.open("/")
    page.goto(link)
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()
    student.check_accessibility()


@pytest.mark.smoke
def test_a_forgotten_password_is_reset_by_mail(student):
    email = member(student)
    page = student.open("/forgot")
    page.get_by_label("E-mail").fill(email)
    student.check_accessibility()
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name=MAIL_WRITTEN)).to_be_visible()
    page.goto(mailed_link(student.server, email, "/reset"))
    page.get_by_label("New password", exact=True).fill("password123")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("alert")).to_be_visible()
    student.check_accessibility()
    page.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    student.check_accessibility()
    enter(page, email)
    refused(page, "do not belong together")
    enter(page, email, OTHER_PASSWORD)
    signed_in(page)


@pytest.mark.smoke
def test_an_invitation_is_accepted(student):
    email = new_email("grace")
    server = student.server
    invited = {"email": email, "name": "Grace", "role": "teacher"}
    answer = server.call("POST", "/api/accounts/people", invited, token=server.sign_in())
    assert answer.status == 201, answer.body
    page = student.open(mailed_link(server, email, "/invitation"))
    expect(page.get_by_label("E-mail")).to_have_value(email)
    expect(page.get_by_text("invited as a teacher")).to_be_visible()
    student.check_accessibility()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    page.wait_for_url(lambda url: "/invitation" not in url)
    page.goto("/account")
    expect(part(page, "About you")).to_contain_text("Teacher")


def test_two_factor_from_set_up_to_recovery(make_visitor, student):
    desk = make_visitor(viewport=DESKTOP)
    email = member(desk)
    app, codes = set_up_app(desk.page)
    assert len(set(codes)) == 10
    expect(part(desk.page, "Two-factor sign-in")).to_contain_text("10 recovery codes left")
    desk.check_accessibility()

    page = student.page
    enter(page, email)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    student.check_accessibility()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    refused(page, "wrong or was used")
    page.get_by_label("Code", exact=True).fill(next_code(app))
    page.get_by_role("button", name="Sign in", exact=True).click()
    signed_in(page)

    page.context.clear_cookies()
    enter(page, email)
    page.get_by_role("button", name="Use a recovery code instead").click()
    page.get_by_label("Recovery code").fill(codes[3])
    student.check_accessibility()
    page.get_by_role("button", name="Sign in", exact=True).click()
    signed_in(page)
    page.goto("/account")
    expect(part(page, "Two-factor sign-in")).to_contain_text("9 recovery codes left")


def test_a_passkey_signs_in(make_visitor):
    visitor = make_visitor(viewport=DESKTOP)
    page = visitor.page
    # the made-up authenticator takes what is offered to be filled in at once: here one presses
    page.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")
    email = member(visitor)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.goto("/account")
    expect(part(page, "Passkeys")).to_contain_text("No passkey yet.")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("What to call it").fill("work laptop")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    visitor.check_accessibility()
    page.get_by_role("button", name="Continue").click()
    listed = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(listed).to_have_count(10)
    codes = listed.all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    expect(part(page, "Passkeys")).to_contain_text("work laptop")
    page.get_by_role("button", name="Rename “work laptop”").click()
    page.get_by_role("textbox", name="What to call it").fill("home laptop")
    page.get_by_role("button", name="Save").click()
    expect(part(page, "Passkeys")).to_contain_text("home laptop")

    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    signed_in(page)
    page.goto("/account")

    page.context.clear_cookies()
    page.goto("/sign-in")
    enter(page, email)
    expect(page.get_by_text("Please sign in with your passkey")).to_be_visible()
    expect(page.get_by_role("button", name="Use a recovery code instead")).to_have_count(0)
    page.get_by_label("Recovery code").fill(codes[0])
    visitor.check_accessibility()
    page.get_by_role("button", name="Sign in", exact=True).click()
    signed_in(page)
    page.goto("/account")
    page.get_by_role("button", name="Remove “home laptop”").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(part(page, "Passkeys")).to_contain_text("No passkey yet.")


def test_another_address_counts_once_confirmed(student):
    email, other = member(student), new_email("augusta")
    page = student.open("/account")
    page.get_by_role("button", name="Change your address").click()
    page.get_by_label("New address").fill(other)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    student.check_accessibility()
    page.get_by_role("button", name="Send the link").click()
    expect(part(page, "About you")).to_contain_text(f"the link sent to {other}")
    expect(part(page, "About you")).to_contain_text(email)
    confirm(student, other)
    page.context.clear_cookies()
    enter(page, email)
    refused(page, "do not belong together")
    enter(page, other)
    signed_in(page)


@pytest.mark.smoke
def test_name_and_password_are_changed(student):
    email = member(student)
    page = student.open("/account")
    page.get_by_role("button", name="Change your name").click()
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    page.get_by_role("button", name="Save").click()
    expect(part(page, "About you")).to_contain_text("Ada Lovelace")
    page.get_by_role("button", name="Change the password").click()
    page.get_by_label("Present password", exact=True).fill("not-the-right-one-5")
    page.get_by_label("New password", exact=True).fill(OTHER_PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Change the password").click()
    refused(page, "not your present password")
    student.check_accessibility()
    page.get_by_label("Present password", exact=True).fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    page.context.clear_cookies()
    enter(page, email, OTHER_PASSWORD)
    signed_in(page)


def test_sign_ins_are_seen_and_ended_everywhere(make_visitor, student):
    desk = make_visitor(viewport=DESKTOP)
    email = member(desk)
    enter(student.page, email)
    signed_in(student.page)

    page = desk.open("/account")
    signs = part(page, "Where you are signed in").get_by_role("listitem")
    expect(signs).to_have_count(2)
    expect(signs.filter(has_text="This one")).to_have_count(1)
    signs.filter(has_not_text="This one").get_by_role("button", name=re.compile("^End")).click()
    expect(signs).to_have_count(1)
    phone = student.open("/account")
    expect(phone).to_have_url(re.compile(r"/sign-in\?next=%2Faccount"))

    enter(phone, email)
    signed_in(phone)
    phone.goto("/account")
    phone.get_by_role("button", name="Sign out everywhere").click()
    phone.get_by_role("alertdialog").get_by_role("button", name="Sign out everywhere").click()
    expect(phone).to_have_url(re.compile("/sign-in"))
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_an_account_is_closed_for_good(student):
    email = member(student)
    page = student.open("/account")
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("dialog")).to_contain_text("Former member")
    student.check_accessibility()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in").locator("visible=true")).to_be_visible()
    enter(page, email)
    refused(page, "do not belong together")
