"""The outbox over HTTP."""

from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job
from quadrangle.kernel.mail import CalendarPart, Mail
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.mail.campus import CampusOnMails
from quadrangle.mail.forgetting import TextForgetting
from quadrangle.mail.http import ROUTES
from quadrangle.mail.model import FORGET_TEXTS
from quadrangle.mail.service import MailService
from quadrangle.mail.set_up import Delivery, MailSetUp, Setting
from quadrangle.sql.feed.feed import SqlChangeFeed
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.mail.outbox import SqlOutbox

STAFF = Principal("Sam", Role.STAFF, "account-1")
OUTBOX = "/api/mail/outbox"
UNKNOWN = "3f2a91c0-1111-4222-8333-444455556666"


class Asker:
    """Who the next request comes from."""

    def __init__(self) -> None:
        self.principal = STAFF


@pytest.fixture
def database_url(migrated_sqlite) -> str:
    """One kind of database will do here; what each keeps is the outbox contract's matter."""
    return migrated_sqlite


@pytest.fixture
def asker() -> Asker:
    return Asker()


SET_UP = MailSetUp(
    delivery=Delivery.SMTP,
    server=Setting("QUADRANGLE_SMTP_URL", "mail.campus.example:587"),
    sender=Setting("QUADRANGLE_MAIL_FROM", "Campus <mail@campus.example>"),
    alerts=Setting("QUADRANGLE_ADMIN_EMAIL", "desk@campus.example"),
    links=Setting("QUADRANGLE_PUBLIC_URL", "https://campus.example"),
    status_wait=Setting("QUADRANGLE_STATUS_MAIL_WAIT", "60"),
)


@pytest.fixture
def changes(database) -> SqlChangeFeed:
    return SqlChangeFeed(database)


@pytest.fixture
def outbox(database, clock) -> SqlOutbox:
    return SqlOutbox(database, clock)


async def campus() -> str:
    return "North"


@pytest.fixture
async def client(outbox, changes, clock, asker):
    service = MailService(outbox, clock, Acts(changes, clock), CampusOnMails(campus), SET_UP)
    app = Litestar(
        ROUTES,
        dependencies={
            "mail": Provide(lambda: service, sync_to_thread=False),
            "principal": Provide(lambda: asker.principal, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        logging_config=None,
    )
    async with AsyncTestClient(app) as client:
        yield client


async def put(outbox: SqlOutbox, **fields) -> str:
    text = {"to": "ada@campus.example", "subject": "Hello", "text": "Text", "html": "<p>Text</p>"}
    await outbox.enqueue(Mail(new_id(), **text | fields))
    return (await outbox.page(None, 1, None)).items[0].mail_id


async def test_the_list_shows_mails_newest_first_with_counts(client, outbox, clock):
    first, second = await put(outbox, subject="first"), await put(outbox, subject="second")
    await outbox.mark_sent(first, clock.now())
    answer = await client.get(OUTBOX)
    assert answer.status_code == 200
    body = answer.json()
    assert [mail["subject"] for mail in body["mails"]] == ["second", "first"]
    assert body["mails"][1] == {
        "mailId": first,
        "to": "ada@campus.example",
        "subject": "first",
        "state": "sent",
        "attempts": 1,
        "lastError": None,
        "createdAt": "2026-11-21T09:30:00.000Z",
        "sentAt": "2026-11-21T09:30:00.000Z",
        "nextAttemptAt": None,
        "private": False,
    }
    assert body["counts"] == {"queued": 1, "kept": 0, "sent": 1, "failed": 0, "over": 0}
    assert body["nextCursor"] is None
    only = (await client.get(OUTBOX, params={"state": "queued"})).json()
    assert [mail["mailId"] for mail in only["mails"]] == [second]


async def test_pages_continue_by_cursor(client, outbox):
    for number in range(5):
        await put(outbox, subject=str(number))
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        body = (await client.get(OUTBOX, params=query)).json()
        seen += [mail["subject"] for mail in body["mails"]]
        cursor = body["nextCursor"]
        if cursor is None:
            break
    assert seen == ["4", "3", "2", "1", "0"]


async def test_mails_are_searched_by_address_number_and_words(client, outbox):
    number = "We have your report: Network at Library [1a2b3c4d]"
    await put(outbox, to="bo@campus.example", subject=number)
    await put(outbox)

    async def found(**query: str) -> list[str]:
        body = (await client.get(OUTBOX, params=query)).json()
        assert body["counts"]["queued"] == 2
        return [mail["subject"] for mail in body["mails"]]

    assert await found(q="bo@") == [number]
    assert await found(q="#1a2b3c4d") == [number]
    assert await found(q="library network") == [number]
    assert await found(q="library", state="sent") == []
    assert await found(q="") == ["Hello", number]


async def test_a_mail_is_shown_with_the_name_of_the_campus(client, outbox, asker):
    asker.principal = STAFF
    page = "<p><span></span>Quadrangle</p>"
    mail_id = await put(outbox, text="Hello\n-- \nQuadrangle. Why", html=page)
    body = (await client.get(f"{OUTBOX}/{mail_id}")).json()
    assert body["text"] == "Hello\n-- \nNorth · Quadrangle\nWhy"
    assert body["html"] == "<p><span></span>North · Quadrangle</p>"


async def test_one_mail_is_shown_with_its_contents(client, outbox):
    mail_id = await put(outbox, text="Plain", html="<p>Rich</p>")
    body = (await client.get(f"{OUTBOX}/{mail_id}")).json()
    assert (body["mailId"], body["text"], body["html"]) == (mail_id, "Plain", "<p>Rich</p>")
    assert (body["state"], body["calendarMethod"]) == ("queued", None)


async def test_a_mail_tells_what_its_invitation_asks_for(client, outbox):
    mail_id = await put(outbox, calendar=CalendarPart("CANCEL", "BEGIN:VCALENDAR"))
    assert (await client.get(f"{OUTBOX}/{mail_id}")).json()["calendarMethod"] == "CANCEL"


async def test_resend_queues_a_mail_once_and_is_noted(client, outbox, changes):
    mail_id = await put(outbox)
    await outbox.mark_failed(mail_id, "550")
    answer = await client.post(f"{OUTBOX}/{mail_id}/resend")
    assert answer.status_code == 202
    assert (answer.json()["state"], answer.json()["attempts"]) == ("queued", 0)
    again = await client.post(f"{OUTBOX}/{mail_id}/resend")
    told, _ = await changes.read_after(0, 100, None)
    assert [(c.kind, c.subject, c.actor_id) for c in told if c.kind.startswith("mail.")] == [
        ("mail.resent", mail_id, "account-1")
    ]
    assert again.status_code == 409
    assert again.json() == {"message": "This mail is already waiting to be sent."}


@pytest.mark.parametrize("mail_id", [UNKNOWN, "1", "x" * 300, "%00"])
async def test_a_mail_that_is_not_there(client, mail_id):
    assert (await client.get(f"{OUTBOX}/{mail_id}")).status_code == 404
    assert (await client.post(f"{OUTBOX}/{mail_id}/resend")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"state": "lost"},
        {"limit": 0},
        {"limit": 101},
        {"limit": "x"},
        {"cursor": "x"},
        {"q": "x" * 201},
    ],
)
async def test_a_query_that_cannot_be_used(client, query):
    assert (await client.get(OUTBOX, params=query)).status_code == 400


@pytest.mark.parametrize(
    ("principal", "status"), [(ANYONE, 401), (Principal("Ada", Role.STUDENT, "account-2"), 403)]
)
async def test_the_outbox_is_for_staff(client, outbox, asker, principal, status):
    mail_id = await put(outbox)
    asker.principal = principal
    assert (await client.get(OUTBOX)).status_code == status
    assert (await client.get(f"{OUTBOX}/{mail_id}")).status_code == status
    assert (await client.post(f"{OUTBOX}/{mail_id}/resend")).status_code == status


async def test_what_a_private_mail_says_is_for_administrators(client, outbox, asker):
    mail_id = await put(outbox, text="https://campus.example/reset#token=x", private=True)
    seen = (await client.get(f"{OUTBOX}/{mail_id}")).json()
    assert (seen["private"], seen["text"], seen["html"]) == (True, None, None)
    assert seen["subject"] == "Hello"
    listed = await client.get(OUTBOX)
    assert "token" not in listed.text
    asker.principal = Principal("Staff (PIN)", Role.STAFF)
    assert "token" not in (await client.get(f"{OUTBOX}/{mail_id}")).text
    asker.principal = Principal("Ada", Role.ADMIN, "account-2")
    assert "token" in (await client.get(f"{OUTBOX}/{mail_id}")).json()["text"]


async def test_all_that_was_kept_is_queued_at_once(client, outbox, changes):
    kept = [await put(outbox, subject=str(number)) for number in range(3)]
    for mail_id in kept[:2]:
        await outbox.mark_kept(mail_id)
    response = await client.post(f"{OUTBOX}/send-kept")
    assert (response.status_code, response.json()) == (202, {"queued": 2, "left": 0})
    counts = (await client.get(OUTBOX)).json()["counts"]
    assert (counts["queued"], counts["kept"]) == (3, 0)
    again = await client.post(f"{OUTBOX}/send-kept")
    assert again.json() == {"queued": 0, "left": 0}


async def test_an_administrator_tries_whether_mails_arrive(client, outbox, asker):
    body = {"to": "ada@campus.example"}
    assert (await client.post(f"{OUTBOX}/test", json=body)).status_code == 403
    asker.principal = Principal("Ada <b>", Role.ADMIN, "account-2")
    answer = await client.post(f"{OUTBOX}/test", json=body)
    assert (answer.status_code, answer.json()) == (202, body)
    (mail,) = (await client.get(OUTBOX)).json()["mails"]
    assert (mail["to"], mail["subject"], mail["state"]) == (body["to"], "Mails arrive", "queued")
    seen = (await client.get(f"{OUTBOX}/{mail['mailId']}")).json()
    assert "North · Quadrangle" in seen["text"]
    assert "Ada &lt;b&gt; tried" in seen["html"]
    for to in ("", "nobody", "a@b.example, c@d.example"):
        refused = await client.post(f"{OUTBOX}/test", json={"to": to})
        assert refused.json()["errors"][0]["field"] == "to"


async def test_how_mails_leave_is_told_to_administrators(client, asker):
    asker.principal = Principal("Ada", Role.ADMIN, "account-2")
    body = (await client.get(f"{OUTBOX}/set-up")).json()
    assert body["delivery"] == "smtp"
    assert body["sender"] == {
        "name": "QUADRANGLE_MAIL_FROM",
        "value": "Campus <mail@campus.example>",
    }
    assert body["alerts"] == {"name": "QUADRANGLE_ADMIN_EMAIL", "value": "desk@campus.example"}
    asker.principal = STAFF
    assert (await client.get(f"{OUTBOX}/set-up")).status_code == 403


async def test_a_text_that_is_no_longer_kept_is_said_to_be_gone(
    client, outbox, clock, asker, database
):
    mail_id = await put(outbox, calendar=CalendarPart("CANCEL", "BEGIN:VCALENDAR"), private=True)
    await outbox.mark_failed(mail_id, "550 no such user")
    assert (await client.get(f"{OUTBOX}/{mail_id}")).json()["textKept"] is True
    clock.advance(timedelta(days=91))
    asked = Job("1", FORGET_TEXTS, {}, 1, clock.now())
    await TextForgetting(outbox, SqlJobs(database, clock), clock, 90).handle(asked)
    asker.principal = Principal("Ada", Role.ADMIN, "account-2")
    seen = (await client.get(f"{OUTBOX}/{mail_id}")).json()
    assert (seen["textKept"], seen["text"], seen["html"]) == (False, None, None)
    assert (seen["to"], seen["subject"], seen["calendarMethod"]) == (
        *("ada@campus.example", "Hello"),
        None,
    )
    assert seen["lastError"] == "550 no such user"
    answer = await client.post(f"{OUTBOX}/{mail_id}/resend")
    assert answer.status_code == 409
    assert "no longer kept" in answer.json()["message"]
