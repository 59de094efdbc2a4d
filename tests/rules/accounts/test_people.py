"""What administrators may do to an account in each state, and which lists of people are taken."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.accounts import rules
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.people import (
    address_rules,
)
from quadrangle.accounts.people import (
    import_list as people_import,
)
from quadrangle.accounts.people import (
    rules as people_rules,
)
from quadrangle.accounts.people.import_list import Invitee
from quadrangle.accounts.people.rules import Status
from quadrangle.accounts.rules import AccountEdit
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal, Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ADMIN = Principal("Ada", Role.ADMIN, "account-0")
ACCOUNT = Account("account-1", "bo@campus.example", "Bo", Role.STUDENT, to_text(NOW))

accounts = st.builds(
    msgspec.structs.replace,
    st.just(ACCOUNT),
    state=st.sampled_from(list(AccountState)),
    active=st.booleans(),
)


@given(accounts)
def test_only_who_may_sign_in_is_active(account):
    assert (people_rules.status_of(account) is Status.ACTIVE) == account.usable


@given(accounts)
def test_a_password_handed_over_opens_the_account_and_ends_what_was_before(account):
    if account.state is AccountState.CLOSED:
        with pytest.raises(Conflict):
            people_rules.give_password(account, ADMIN, NOW)
        return
    given_, facts = people_rules.give_password(account, ADMIN, NOW)
    assert given_.state is AccountState.OPEN
    assert given_.active == account.active  # who was disabled stays so
    assert given_.epoch > account.epoch
    assert facts[0].kind == "account.password-changed"


@given(accounts)
def test_only_who_waits_for_an_invitation_gets_it_again(account):
    if people_rules.status_of(account) is not Status.INVITED:
        with pytest.raises(Conflict):
            people_rules.invite_again(account, ADMIN, NOW)
        return
    same, (fact,) = people_rules.invite_again(account, ADMIN, NOW)
    assert same == account
    assert fact.kind == "account.invited"


@given(accounts)
def test_a_closed_account_stays_as_it_is_and_another_role_leaves_links_good(account):
    if account.state is AccountState.CLOSED:
        with pytest.raises(Conflict):
            rules.edit(account, AccountEdit(role=Role.STAFF), 1, ADMIN, NOW)
        return
    edited, _ = rules.edit(account, AccountEdit(role=Role.STAFF), 1, ADMIN, NOW)
    assert (edited.epoch == account.epoch) == (account.state is not AccountState.OPEN)


@given(accounts, st.integers(1, 3))
def test_a_corrected_address_ends_what_went_to_the_old_one(account, epoch):
    account = msgspec.structs.replace(account, epoch=epoch)
    if account.state is AccountState.CLOSED or not account.active:
        with pytest.raises(Conflict):
            address_rules.correct_address(account, "cy@campus.example", ADMIN, NOW)
        return
    moved, facts = address_rules.correct_address(account, " CY@campus.example", ADMIN, NOW)
    assert moved.state is account.state
    if account.state is AccountState.OPEN:
        assert (moved.email, moved.new_email) == (account.email, "cy@campus.example")
        assert [fact.kind for fact in facts] == ["account.new-address-asked"]
        return
    assert (moved.email, moved.new_email) == ("cy@campus.example", None)
    assert facts[0].data == {"field": "email"}  # no address outlives the account
    is_invited = account.state is AccountState.INVITED
    assert facts[1].kind == ("account.invited" if is_invited else "account.confirmation-asked")
    assert life_rules.is_disputed(moved) or is_invited
    assert all("campus" not in str(fact.data) for fact in facts)


# -- lists --------------------------------------------------------------------------------------

BO = Invitee("bo@campus.example", "Bo Smith", Role.TEACHER)


@pytest.mark.parametrize(
    "body",
    [
        b"email,name,role\nbo@campus.example,Bo Smith,teacher\n",
        b"\xef\xbb\xbfemail;name;role\r\nBO@campus.example; Bo Smith ;Teacher\r\n\r\n;;\r\n",
        b'Role,"Email",Name\nteacher,bo@campus.example,"Bo\nSmith"',
    ],
    ids=["plain", "spreadsheet", "other-order"],
)
def test_lists_are_read_as_spreadsheets_save_them(body):
    assert people_import.read(body) == [BO]


def faults_of(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        people_import.read(body)
    return [(error.field, error.message) for error in caught.value.errors]


def test_every_fault_is_named_by_its_line():
    body = (
        b"email,name,role\n"
        b'bo@campus.example,"Bo\nSmith",teacher\n'
        b"nobody,,dean\n"
        b"cy@campus.example,Cy\n"
        b"BO@campus.example,Bo,student\n"
    )
    faults = faults_of(body)
    assert [field for field, _ in faults] == ["line 4", "line 4", "line 4", "line 5", "line 6"]
    assert [sentence.partition(":")[0] for _, sentence in faults[:3]] == [
        "E-mail address",
        "Name",
        "Role",
    ]
    assert faults[3][1] == "There are 2 fields; there must be 3."
    assert faults[4][1] == "E-mail address: This address is in line 2 already."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "line 1"),
        (b"\n\n", "line 1"),
        (b"bo@campus.example,Bo,student", "line 1"),
        (b"email,name\nbo@campus.example,Bo", "line 1"),
        (b"email,name,role\n", "line 1"),
        (b"email,name,role\nbo@campus.example,B\xf6,student", "line 2"),
        (b'email,name,role\nbo@campus.example,"Bo,student\n', "line 2"),
    ],
)
def test_what_is_no_list_is_refused_with_the_line(body, field):
    assert [found for found, _ in faults_of(body)] == [field]


def test_a_list_has_an_end():
    lines = [b"n%d@campus.example,N,student" % n for n in range(people_import.MAX_PEOPLE + 1)]
    head = b"email,name,role"
    assert len(people_import.read(b"\n".join([head, *lines[:-1]]))) == people_import.MAX_PEOPLE
    ((field, message),) = faults_of(b"\n".join([head, *lines]))
    assert field == "line 1002"
    assert "1,000" in message


@given(st.binary(max_size=200))
def test_nothing_but_people_or_faults_comes_of_any_bytes(noise):
    try:
        assert people_import.read(b"email,name,role\n" + noise)
    except InvalidInput as error:
        assert error.errors
        assert all(fault.field.startswith("line ") for fault in error.errors)
