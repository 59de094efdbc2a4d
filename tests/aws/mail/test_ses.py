"""Mails through SES: what it gets, and what its refusals mean."""

import json
import urllib.request
from email import message_from_bytes, policy

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from quadrangle.aws.mail.ses import SesTransport
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.mail import Mail, MailDelayed, MailRefused
from quadrangle.mail.message import compose, parse_sender
from tests.standin.server import StandIn

SENDER = "Quadrangle, the court <mail@campus.example>"


def letter(to: str = "ada@campus.example", **fields: str) -> Mail:
    text = {"subject": "Grüße 🙂", "text": "Text 🙂", "html": "<p>Text 🙂</p>"}
    return Mail(new_id(), to, **text | fields)


async def test_a_mail_reaches_ses(standin: StandIn, clock: ManualClock):
    client = standin.client("sesv2")
    client.create_email_identity(EmailIdentity="campus.example")
    transport = SesTransport(client, SENDER, clock)
    to = f"{new_id()}@campus.example"
    await transport.send(new_id(), letter(to))
    await transport.close()
    (found,) = [each for each in _messages(_taken(standin)) if each["To"] == [to]]
    assert found["Source"] == "mail@campus.example"
    assert found["Subject"] == "Grüße 🙂"
    assert found["BodyText"].strip() == "Text 🙂"
    assert found["BodyHtml"].strip() == "<p>Text 🙂</p>"


def _taken(standin: StandIn) -> object:
    with urllib.request.urlopen(f"{standin.url}/_ministack/ses/messages") as answer:
        return json.load(answer)


def _messages(answer: object) -> list[dict]:
    """All records of mails, however the stand-in nests them."""
    if isinstance(answer, list):
        return [found for each in answer for found in _messages(each)]
    if not isinstance(answer, dict):
        return []
    if "MessageId" in answer:
        return [answer]
    return [found for each in answer.values() for found in _messages(each)]


async def test_the_message_is_the_one_that_smtp_carries(standin: StandIn, clock: ManualClock):
    client = standin.client("sesv2")
    seen: list[dict] = []

    def keep(params: dict, **_: object) -> None:
        seen.append(json.loads(json.dumps(params, default=lambda raw: raw.decode())))

    client.meta.events.register("provide-client-params.sesv2.SendEmail", keep)
    mail_id, mail = new_id(), letter()
    client.create_email_identity(EmailIdentity="campus.example")
    await SesTransport(client, SENDER, clock).send(mail_id, mail)
    (call,) = seen
    envelope = compose(mail_id, mail, parse_sender(SENDER), clock.now())
    raw = message_from_bytes(call["Content"]["Raw"]["Data"].encode(), policy=policy.default)
    assert raw["Message-ID"] == f"<{mail_id}@campus.example>"
    # all but the boundary between the two bodies, which is random
    sent = message_from_bytes(envelope.message, policy=policy.default)
    fixed = [(k, v) for k, v in sent.items() if k != "Content-Type"]
    assert [(k, v) for k, v in raw.items() if k != "Content-Type"] == fixed
    assert [p.get_content() for p in raw.iter_parts()] == [
        p.get_content() for p in sent.iter_parts()
    ]
    assert call["FromEmailAddress"] == "mail@campus.example"
    assert call["Destination"] == {"ToAddresses": [mail.to]}


@pytest.mark.parametrize(
    ("code", "message", "kind", "says"),
    [
        ("MessageRejected", "Illegal attachment", MailRefused, "refuses this mail"),
        ("BadRequestException", "Missing final '@domain'", MailRefused, "refuses this mail"),
        ("MessageRejected", "Email address is not verified.", MailDelayed, "has not verified"),
        ("MailFromDomainNotVerifiedException", "x", MailDelayed, "MAIL FROM domain"),
        ("AccountSuspendedException", "x", MailDelayed, "has suspended our account"),
        ("SendingPausedException", "x", MailDelayed, "has paused our sending"),
        ("LimitExceededException", "Daily quota", MailDelayed, "reached a limit: Daily quota"),
        ("TooManyRequestsException", "x", MailDelayed, "no more mails from us just now"),
        ("NotFoundException", "x", MailDelayed, "our settings name"),
        ("AccessDeniedException", "x", MailDelayed, "cannot take mails from us now"),
        ("InternalFailure", "", MailDelayed, "cannot take mails from us now: InternalFailure"),
        ("MessageRejected", "a\n\tb\0" + "x" * 400, MailRefused, "a b"),
    ],
)
async def test_what_a_refusal_means(standin, clock, code, message, kind, says):
    client = standin.client("sesv2")
    with Stubber(client) as stub:
        for _ in range(5):
            stub.add_client_error("send_email", code, message, http_status_code=400)
        with pytest.raises(kind, match=says) as caught:
            await SesTransport(client, SENDER, clock).send(new_id(), letter())
    text = str(caught.value)
    assert text.isprintable()
    assert len(text) < 300


async def test_ses_that_does_not_answer(standin: StandIn, clock: ManualClock):
    client = standin.client("sesv2")

    def away(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://host.example")

    client.meta.events.register("before-send.sesv2.SendEmail", away)
    with pytest.raises(MailDelayed, match="cannot be reached: EndpointConnectionError"):
        await SesTransport(client, SENDER, clock).send(new_id(), letter())


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("ünï@campus.example", "beyond ASCII"),
        ("nobody", "not an e-mail address"),
        ("a@b.example\r\nBcc: eve@b.example", "not an e-mail address"),
    ],
)
async def test_what_is_never_sent(standin: StandIn, clock: ManualClock, to: str, says: str):
    client = standin.client("sesv2")
    with Stubber(client) as stub, pytest.raises(MailRefused, match=says):
        await SesTransport(client, SENDER, clock).send(new_id(), letter(to))
    stub.assert_no_pending_responses()


def test_the_sender_must_be_an_address(standin: StandIn, clock: ManualClock):
    with pytest.raises(ValueError, match="sender"):
        SesTransport(standin.client("sesv2"), "nobody", clock)
