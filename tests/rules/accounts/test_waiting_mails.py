"""Mails of accounts that waited: what leaves, what is written anew, what is over."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from quadrangle.accounts import mails
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.joining.model import Purpose
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.waiting_mails import WaitingMails
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.mail import Mail, MailOver
from quadrangle.kernel.principal import Role
from quadrangle.portable.tokens.link_tokens import JwtLinkTokens
from tests.account_desk import KEY
from tests.account_post import token_in

ID, BO = "6f1c1b4e-0f0e-4c0e-8a3f-0d1f2b3c4d5e", "bo@campus.example"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LOCAL, PUBLIC = "http://127.0.0.1:8000", "https://campus.example"


class OneAccount:
    """A store with one account in it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    async def get(self, account_id: str) -> Account | None:
        return self.account if account_id == ID else None


class World:
    """An account, the mail written to it at `LOCAL`, and the pages at `PUBLIC` now."""

    def __init__(self, state: AccountState = AccountState.INVITED) -> None:
        self.clock = ManualClock(NOW)
        self.store = OneAccount(Account(ID, BO, "Bo", Role.STUDENT, to_text(NOW), state=state))
        self.links = self.at(PUBLIC)
        self.waiting = WaitingMails(self.store, self.links, self.clock)  # type: ignore[arg-type]

    def at(self, url: str) -> AccountLinks:
        return AccountLinks(JwtLinkTokens(lambda: [KEY], url, self.clock), url, self.clock)

    def written(self, write, url: str = LOCAL) -> Mail:
        change = Change("account.created", ID, {}, "Someone", to_text(NOW), seq=7)
        return write(self.store.account, change, self.at(url))

    def becomes(self, **fields) -> None:
        self.store.account = msgspec.structs.replace(self.store.account, **fields)


async def test_an_invitation_that_waited_is_written_anew():
    world = World()
    mail = world.written(mails.invitation)
    world.clock.advance(timedelta(days=9))
    sent = await world.waiting.reviewed(mail, NOW)
    assert (sent.key, sent.to, sent.private) == (mail.key, BO, True)
    assert f"{PUBLIC}/invitation#token=" in sent.text
    assert LOCAL not in sent.text + sent.html
    link = world.links.read(token_in(sent, "/invitation"), Purpose.INVITATION)
    assert link.exp == int((world.clock.now() + timedelta(days=7)).timestamp())


async def test_what_is_young_and_leads_to_the_right_address_stays_as_it_is():
    world = World()
    mail = world.written(mails.invitation, PUBLIC)
    world.clock.advance(timedelta(minutes=59))
    assert await world.waiting.reviewed(mail, NOW) == mail


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": AccountState.OPEN}, "accepted meanwhile"),
        ({"active": False}, "disabled or closed"),
        ({"email": "other@campus.example"}, "another address"),
    ],
)
async def test_an_invitation_that_is_of_no_use_does_not_leave(change, why):
    world = World()
    mail = world.written(mails.invitation)
    world.becomes(**change)
    with pytest.raises(MailOver, match=why):
        await world.waiting.reviewed(mail, NOW)


async def test_a_link_for_a_forgotten_password_is_not_sent_after_its_hour():
    world = World(AccountState.OPEN)
    mail = world.written(mails.reset)
    led = await world.waiting.reviewed(mail, NOW)
    assert f"{PUBLIC}/reset#token=" in led.text
    world.clock.advance(timedelta(hours=1))
    with pytest.raises(MailOver, match="too old"):
        await world.waiting.reviewed(mail, NOW)


async def test_a_link_made_at_another_address_says_so():
    world = World()
    with pytest.raises(Gone, match="another address"):
        world.links.read(token_in(world.written(mails.invitation), "/invitation"))


async def test_mails_of_others_pass():
    mail = Mail("confirmation:7", BO, "Hello", "Text", "<p>Text</p>")
    assert await World().waiting.reviewed(mail, NOW) == mail
