"""What makes an account, a password and a PIN, and who must stay."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, AccountState, Pin
from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.secrets.generated import make_password, make_pin
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import Principal, Role, require_admin

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ADMIN = Principal("Ada", Role.ADMIN, "account-0")
ACCOUNT = Account("account-1", "bo@campus.example", "Bo", Role.ADMIN, to_text(NOW))

roles = st.sampled_from(list(Role))
accounts = st.builds(
    msgspec.structs.replace,
    st.just(ACCOUNT),
    role=roles,
    active=st.booleans(),
    epoch=st.integers(1, 5),
)
edits = st.builds(
    AccountEdit,
    name=st.sampled_from(["Bo", "Beau", msgspec.UNSET]),
    role=st.one_of(st.just(msgspec.UNSET), roles),
    active=st.sampled_from([True, False, msgspec.UNSET]),
)


def test_an_account_is_opened_with_its_address_in_lower_case():
    account, (change,) = rules.open_account(
        "account-2", " Cy@Campus.Example ", " Cy  ", Role.STAFF, ADMIN, NOW
    )
    assert account == Account("account-2", "cy@campus.example", "Cy", Role.STAFF, to_text(NOW))
    assert (change.kind, change.subject, change.actor_id) == (
        "account.created",
        "account-2",
        "account-0",
    )


def test_every_fault_of_a_new_account_is_named():
    with pytest.raises(InvalidInput) as caught:
        rules.open_account("account-2", "nobody", " ", Role.STAFF, ADMIN, NOW)
    assert [error.field for error in caught.value.errors] == ["email", "name"]


@given(accounts, edits, st.integers(0, 3))
def test_an_edit_never_leaves_nobody_to_administer(account, wanted, others):
    def admins(one: Account) -> int:
        return others + (one.active and one.role is Role.ADMIN)

    try:
        edited, facts = rules.edit(account, wanted, others, ADMIN, NOW)
    except Conflict:
        assert others == 0
        assert admins(account) == 1
        return
    assert admins(edited) >= 1 or admins(account) == 0
    ended = edited.role != account.role or (account.active and not edited.active)
    assert edited.epoch == account.epoch + ended
    assert {f.data["field"] for f in facts} == {
        name
        for name in ("name", "role", "active")
        if getattr(edited, name) != getattr(account, name)
    }


def test_a_token_ends_with_its_epoch_or_its_account():
    assert rules.principal_of(ACCOUNT, 1) == Principal("Bo", Role.ADMIN, "account-1")
    assert rules.principal_of(Pin("hash", 1), 1) == Principal("Staff (PIN)", Role.STAFF)
    for holder in (
        msgspec.structs.replace(ACCOUNT, epoch=2),
        msgspec.structs.replace(ACCOUNT, active=False),
        msgspec.structs.replace(ACCOUNT, state=AccountState.CLOSED),
        Pin("hash", 2),
    ):
        with pytest.raises(NotSignedIn):
            rules.principal_of(holder, 1)


def test_a_role_that_needs_a_second_factor_waits_for_it():
    factors = frozenset({Role.ADMIN})
    held = rules.principal_of(ACCOUNT, 1, factors)
    assert (held.role, held.held_role) == (Role.STUDENT, Role.ADMIN)
    with pytest.raises(Forbidden, match="two-factor"):
        require_admin(held)
    secured = msgspec.structs.replace(ACCOUNT, two_factor=True)
    assert rules.principal_of(secured, 1, factors).role is Role.ADMIN
    assert rules.principal_of(Pin("hash", 1), 1, factors).role is Role.STAFF


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 201,
        "aaaaaaaaaaaa",
        "ababababababab",
        "Password123",
        "1234567890",
        "bo@campus.example",
        "BO@campus.example",
        "          ",
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password):
    with pytest.raises(InvalidInput) as caught:
        rules.check_new_password(password, "bo@campus.example")
    assert caught.value.errors[0].field == "newPassword"


def test_a_password_is_the_same_however_the_keyboard_composed_it():
    composed, decomposed = "pass\u00e9-par-tout", "passe\u0301-par-tout"
    assert rules.check_new_password(composed, "") == rules.check_new_password(decomposed, "")
    assert rules.presented("a@b.example", composed) == rules.presented("A@b.example", decomposed)


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "123456", "87654321", "000000", "abcdef", "1" * 33, "12 34 56", "12\x0034567"],
)
def test_a_pin_that_is_guessed_first_is_refused(pin):
    with pytest.raises(InvalidInput):
        rules.check_new_pin(pin)


@pytest.mark.parametrize("pin", ["271828", "correcthorse", "9f-3k!x"])
def test_other_pins_are_taken(pin):
    assert rules.check_new_pin(pin) == pin


def test_made_secrets_pass_the_checks_and_differ():
    passwords = {make_password() for _ in range(100)}
    assert len(passwords) == 100
    assert all(rules.check_new_password(p, "") for p in passwords)
    pins = {make_pin() for _ in range(100)}
    assert len(pins) > 90
    assert all(len(pin) == 8 and pin.isdigit() for pin in pins)


def test_a_new_pin_has_the_next_epoch():
    first, change = rules.replace_pin(None, "hash", ADMIN, NOW)
    second, _ = rules.replace_pin(first, "other", ADMIN, NOW + timedelta(hours=1))
    assert (first.epoch, second.epoch) == (1, 2)
    assert "hash" not in str(change)
