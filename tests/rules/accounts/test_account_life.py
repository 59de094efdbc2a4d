"""How accounts come and go, whatever is done to them in whatever order."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quadrangle.accounts import rules
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.joining.model import Link, Purpose
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, Forbidden, Gone, InvalidInput
from quadrangle.kernel.principal import Principal, Role
from tests.properties import examples

ID = "6f1c1b4e-0f0e-4c0e-8a3f-0d1f2b3c4d5e"
FIRST, SECOND = "bo@campus.example", "quill@campus.example"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANY, ADMIN = Principal("Someone"), Principal("Administrator", Role.ADMIN, "admin")
OPEN = AccountPolicy(SignUp.OPEN)
PURPOSES = st.sampled_from(Purpose)


class Life(RuleBasedStateMachine):
    """One account. `links` are all that were ever mailed, each with whether it was used."""

    def __init__(self) -> None:
        super().__init__()
        self.account, facts = life_rules.sign_up(ID, FIRST, "Bo", OPEN, ANY, NOW)
        self.links: list[Link] = []
        self.used: set[int] = set()
        self.facts: list[Change] = facts

    def take(self, decision: tuple[Account, list[Change]]) -> None:
        before = self.account
        self.account, facts = decision
        assert (self.account == before) or facts  # what changes leaves a record
        assert self.account.epoch >= before.epoch
        self.facts += facts

    @rule(purpose=PURPOSES)
    def mail_a_link(self, purpose: Purpose) -> None:
        a = self.account
        email = a.new_email if purpose is Purpose.NEW_ADDRESS else a.email
        if email is None:
            return
        number = len(self.links)
        self.links.append(Link(purpose, ID, a.epoch, email, str(number), 0, 1))

    @precondition(lambda self: self.links)
    @rule(data=st.data())
    def use_a_link(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.links) - 1))
        link, before = self.links[number], self.account
        decide = {
            Purpose.CONFIRM: life_rules.confirm,
            Purpose.RESET: life_rules.reset_password,
            Purpose.NEW_ADDRESS: life_rules.take_new_address,
            Purpose.INVITATION: lambda *given: life_rules.accept_invitation(
                given[0], given[1], "Bo", *given[2:]
            ),
        }[link.purpose]
        try:
            self.take(decide(before, link, "192.0.2.1", NOW))
        except Gone:
            return
        assert before.active
        assert link.epoch == before.epoch
        assert self.account.state is AccountState.OPEN
        if link.purpose is not Purpose.NEW_ADDRESS:  # those are remembered besides
            assert number not in self.used
        self.used.add(number)

    @rule()
    def sign_up_again(self) -> None:
        self.take(life_rules.sign_up_again(self.account, ANY, NOW))

    @precondition(lambda self: self.account.state is AccountState.UNCONFIRMED)
    @rule()
    def invite(self) -> None:
        """As if the account had begun as an invitation."""
        self.account = msgspec.structs.replace(
            self.account, state=AccountState.INVITED, epoch=self.account.epoch + 1
        )

    @rule(active=st.booleans())
    def switch(self, active: bool) -> None:
        if self.account.state is not AccountState.CLOSED:
            edit = rules.AccountEdit(active=active)
            self.take(rules.edit(self.account, edit, 1, ADMIN, NOW))

    @precondition(lambda self: self.account.usable)
    @rule(email=st.sampled_from([FIRST, SECOND]))
    def ask_new_address(self, email: str) -> None:
        try:
            wanted = life_rules.new_address(email, self.account, OPEN)
        except InvalidInput:
            assert email == self.account.email
            return
        self.take(life_rules.ask_new_address(self.account, wanted, ANY, NOW))

    @precondition(lambda self: self.account.usable)
    @rule()
    def close(self) -> None:
        self.take(life_rules.close(self.account, 0, None, NOW))
        assert self.account.state is AccountState.CLOSED

    @rule()
    def erase(self) -> None:
        before = self.account
        self.take(life_rules.erase(self.account, NOW))
        assert (self.account == before) or before.state is AccountState.CLOSED

    @invariant()
    def a_closed_account_stays_closed_and_only_an_open_active_one_is_usable(self) -> None:
        kinds = [change.kind for change in self.facts]
        assert (self.account.state is AccountState.CLOSED) == ("account.closed" in kinds)
        assert kinds.count("account.closed") <= 1
        usable = self.account.active and self.account.state is AccountState.OPEN
        assert self.account.usable is usable

    @invariant()
    def nothing_personal_is_written_down(self) -> None:
        for change in self.facts:
            assert FIRST not in str(change.data)
            assert SECOND not in str(change.data)
            assert "Bo" not in str(change.data)

    @invariant()
    def a_closed_accounts_links_open_nothing(self) -> None:
        if self.account.state is AccountState.CLOSED:
            for link in self.links:
                with pytest.raises(Gone):
                    life_rules.require_opens(link, self.account)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=examples(40), stateful_step_count=30)


def account(**fields) -> Account:
    base = Account(ID, FIRST, "Bo", Role.STUDENT, "2026-11-21T09:30:00.000Z")
    return msgspec.structs.replace(base, **fields)


def test_the_last_administrator_does_not_close():
    with pytest.raises(Conflict):
        life_rules.close(account(role=Role.ADMIN), 0, None, NOW)
    closed, _ = life_rules.close(account(role=Role.ADMIN), 1, None, NOW)
    assert closed.state is AccountState.CLOSED


def test_closing_and_erasing_twice_is_once():
    closed, facts = life_rules.close(account(), 0, "192.0.2.1", NOW)
    assert [(f.kind, f.actor, f.origin) for f in facts] == [
        ("account.closed", "Former member", "192.0.2.1")
    ]
    assert life_rules.close(closed, 0, None, NOW) == (closed, [])
    erased, facts = life_rules.erase(closed, NOW)
    assert len(facts) == 1
    assert life_rules.erase(erased, NOW + timedelta(days=1)) == (erased, [])
    assert FIRST not in str(erased)


def test_an_open_account_is_not_erased():
    assert life_rules.erase(account(), NOW) == (account(), [])


@pytest.mark.parametrize("mode", [SignUp.INVITATION, SignUp.CLOSED])
def test_nobody_signs_up_by_themselves_where_that_is_not_wanted(mode):
    with pytest.raises(Forbidden):
        life_rules.sign_up(ID, FIRST, "Bo", AccountPolicy(mode), ANY, NOW)


def test_only_addresses_of_the_domains_sign_up_where_domains_are_set():
    policy = AccountPolicy(SignUp.DOMAINS, ("campus.example", "uni.example"))
    life_rules.sign_up(ID, "bo@UNI.example", "Bo", policy, ANY, NOW)
    for email in ("bo@sub.campus.example", "bo@campus.example.evil", "campus.example@evil.example"):
        with pytest.raises(InvalidInput) as caught:
            life_rules.sign_up(ID, email, "Bo", policy, ANY, NOW)
        assert [error.field for error in caught.value.errors] == ["email"]


def test_a_second_sign_up_ends_the_links_of_the_first_but_not_those_of_an_open_account():
    waiting = account(state=AccountState.UNCONFIRMED)
    disputed, _ = life_rules.sign_up_again(waiting, ANY, NOW)
    assert disputed.epoch == waiting.epoch + 1
    assert life_rules.is_disputed(disputed)
    assert not life_rules.is_disputed(waiting)
    assert life_rules.sign_up_again(account(), ANY, NOW)[0] == account()
