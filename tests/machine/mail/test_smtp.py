"""The transport against mail servers that work, refuse, hang, drop and want credentials."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.mail import Mail, MailDelayed, MailRefused
from quadrangle.machine.mail.smtp import SmtpTransport
from tests.machine.mail.smtp_servers import (
    PASSWORD,
    USER,
    ScriptedServer,
    Sink,
    only,
    self_made_certificate,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SENDER = "Quadrangle, the court <mail@campus.example>"
SHORT_S = 0.3  # for servers that never answer
CREDENTIALS = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"

Make = Callable[..., SmtpTransport]


def letter(to="ada@campus.example", subject="Hello", text="Text 🙂", html="<p>Text 🙂</p>") -> Mail:
    return Mail(new_id(), to, subject, text, html)


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """Make transports that are closed at the end."""
    made: list[SmtpTransport] = []

    def build(url: str, **settings) -> SmtpTransport:
        settings.setdefault("timeout_s", 20.0)
        made.append(SmtpTransport(url, settings.pop("sender", SENDER), **settings))
        return made[-1]

    yield build
    for transport in made:
        await transport.close()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    """A server that takes everything."""
    made = Sink()
    async with made.running():
        yield made


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - counters of a server in the same loop
            await asyncio.sleep(0.01)


# -- the message ------------------------------------------------------------------------------


async def test_a_mail_arrives_as_text_and_html_with_the_headers_of_an_automatic_one(sink, make):
    clock = ManualClock(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    mail_id = new_id()
    subject = "Your report: Netzwerk im Lesesaal für Größere 📶"
    await make(sink.url, clock=clock).send(mail_id, letter(subject=subject))
    (taken,) = sink.taken
    assert (taken.sender, taken.recipients) == ("mail@campus.example", ["ada@campus.example"])
    message = taken.message
    assert message["From"].addresses[0].addr_spec == "mail@campus.example"
    assert message["From"].addresses[0].display_name == "Quadrangle, the court"
    assert message["To"] == "ada@campus.example"
    assert message["Subject"] == subject
    assert message["Message-ID"] == f"<{mail_id}@campus.example>"
    assert message["Date"].datetime == clock.now()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert taken.part("plain") == "Text 🙂\n"
    assert taken.part("html") == "<p>Text 🙂</p>\n"
    assert taken.content.isascii()  # any server can pass it on
    assert taken.options == []


async def test_sending_a_mail_again_repeats_its_message_id(sink, make):
    mail_id, mail = new_id(), letter()
    transport = make(sink.url)
    await transport.send(mail_id, mail)
    await transport.send(mail_id, mail)
    first, second = (taken.message["Message-ID"] for taken in sink.taken)
    assert first == second


async def test_lines_that_begin_with_a_dot_arrive_whole(sink, make):
    text = "first\n.\n..\n.hidden\nlast\n"
    await make(sink.url).send(new_id(), letter(text=text))
    assert sink.taken[0].part("plain") == text


@pytest.mark.parametrize(
    "mail",
    [
        letter(subject="Hello\r\nBcc: everyone@campus.example"),
        letter(subject="Hello\nX: y"),
        letter(subject="Hello\x00"),
        letter(to="ada@campus.example\r\nRCPT TO:<eve@campus.example>"),
        letter(to="ada@campus.example> SIZE=1"),
        letter(to="ada@campus.example,eve@campus.example"),
        letter(to=""),
        letter(text="half a character: \ud83d"),
    ],
)
async def test_what_could_smuggle_headers_or_commands_is_refused_and_never_sent(sink, make, mail):
    with pytest.raises(MailRefused):
        await make(sink.url).send(new_id(), mail)
    assert sink.peers == []


async def test_encoded_words_in_a_subject_stay_text(sink, make):
    # Python's own headers read them, and would make a header of the line end in this one
    subject = "Broken at =?utf-8?q?a=0D=0ABcc:_eve@campus.example?="
    await make(sink.url).send(new_id(), letter(subject=subject))
    message = sink.taken[0].message
    assert message["Subject"] == subject
    assert message["Bcc"] is None


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it(sink, make):
    mail = letter(to="jürgen@campus.example")
    await make(sink.url).send(new_id(), mail)
    assert sink.taken[0].recipients == ["jürgen@campus.example"]
    assert "SMTPUTF8" in sink.taken[0].options
    plain = Sink()
    async with plain.running(enable_SMTPUTF8=False) as url:
        with pytest.raises(MailRefused, match="letters beyond ASCII"):
            await make(url).send(new_id(), mail)


# -- connections ------------------------------------------------------------------------------


async def test_mails_share_a_connection(sink, make):
    transport = make(sink.url)
    for _ in range(5):
        await transport.send(new_id(), letter())
    assert len(sink.taken) == 5
    assert len(sink.peers) == 1


async def test_many_mails_at_once_use_no_more_connections_than_allowed(sink, make):
    transport = make(sink.url, connections=3)
    await asyncio.gather(*(transport.send(new_id(), letter()) for _ in range(30)))
    assert len(sink.taken) == 30
    assert 1 <= sink.most_open <= 3
    assert len(sink.peers) <= 3


async def test_an_idle_connection_is_left_politely(sink, make):
    transport = make(sink.url, idle_s=0.05)
    await transport.send(new_id(), letter())
    await until(lambda: sink.quits == 1)
    await transport.send(new_id(), letter())
    assert len(sink.peers) == 2


async def test_a_server_that_restarted_meanwhile_is_called_anew(sink, make):
    transport = make(sink.url)
    await transport.send(new_id(), letter())
    port = sink.port
    await sink.stop()
    await sink.start(port)
    await transport.send(new_id(), letter())
    assert len(sink.taken) == 2


@pytest.mark.parametrize("end", ["421 too many mails on this connection", ScriptedServer.HANG])
async def test_an_old_connection_that_is_of_no_more_use_is_replaced(make, end):
    server = ScriptedServer(MAIL=["250 fine", end, "250 fine"])
    async with server.running() as url:
        transport = make(url, timeout_s=SHORT_S)
        await transport.send(new_id(), letter())
        await transport.send(new_id(), letter())
        assert server.connections == 2
        assert server.verbs.count("CONTENT") == 2


async def test_a_cancelled_mail_leaves_no_connection_behind_for_others(make):
    server = ScriptedServer(RCPT=ScriptedServer.HANG)
    async with server.running() as url:
        transport = make(url)
        sending = asyncio.create_task(transport.send(new_id(), letter()))
        await until(lambda: "RCPT" in server.verbs)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        server.answers["RCPT"] = "250 fine"
        await transport.send(new_id(), letter())
        assert server.connections == 2


# -- refusals ---------------------------------------------------------------------------------


async def test_one_refused_recipient_fails_alone(sink, make):
    sink.refuse_recipient = lambda to: "550 5.1.1 No such user" if "nobody" in to else None
    transport = make(sink.url)
    await transport.send(new_id(), letter())
    with pytest.raises(MailRefused, match=r"refuses this recipient: 550 5\.1\.1 No such user"):
        await transport.send(new_id(), letter(to="nobody@campus.example"))
    await transport.send(new_id(), letter())
    assert len(sink.taken) == 2
    assert len(sink.peers) == 1


async def test_refused_content_is_refused_for_ever(sink, make):
    sink.refuse_content = lambda content: "554 5.6.0 looks like spam"
    with pytest.raises(MailRefused, match="554"):
        await make(sink.url).send(new_id(), letter())


async def test_a_greylisting_server_gets_the_mail_later(sink, make):
    answers = iter(["451 4.7.1 Greylisted, come back"])
    sink.refuse_recipient = lambda to: next(answers, None)
    transport = make(sink.url)
    with pytest.raises(MailDelayed, match="451"):
        await transport.send(new_id(), letter())
    await transport.send(new_id(), letter())
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"GREETING": "554 no service here"}, "554 no service here"),
        ({"MAIL": "553 5.7.1 not your address"}, "refuses our sender address: 553"),
        ({"RCPT": "530 5.7.0 Authentication required"}, "wants a user name and password"),
        ({"RCPT": "421 shutting down"}, "421"),
        ({"CONTENT": "452 4.3.1 disk full"}, "452"),
        ({"GREETING": ScriptedServer.HANG}, "did not answer within 0.3 seconds"),
        ({"EHLO": ScriptedServer.HANG}, "did not answer"),
        ({"RCPT": ScriptedServer.HANG}, "did not answer"),
        ({"CONTENT": ScriptedServer.HANG}, "did not answer"),
        ({"GREETING": ScriptedServer.DROP}, "cannot be reached"),
        ({"RCPT": ScriptedServer.DROP}, "closed the connection"),
        ({"CONTENT": ScriptedServer.DROP}, "closed the connection"),
        ({"EHLO": "nonsense"}, "takes no mail from us now"),
    ],
)
async def test_what_may_be_better_later_delays_the_mail(make, script, words):
    async with ScriptedServer(**script).running() as url:
        with pytest.raises(MailDelayed) as caught:
            await make(url, timeout_s=SHORT_S).send(new_id(), letter())
    assert words in str(caught.value)
    assert str(caught.value).startswith("The mail server 127.0.0.1:")


async def test_a_mail_dropped_in_its_midst_arrives_at_the_next_attempt(make):
    server = ScriptedServer(CONTENT=ScriptedServer.DROP)
    async with server.running() as url:
        transport = make(url)
        with pytest.raises(MailDelayed):
            await transport.send(new_id(), letter())
        assert server.verbs.count("CONTENT") == 1  # not again at once: it may have been taken
        server.answers["CONTENT"] = "250 taken"
        await transport.send(new_id(), letter())


async def test_a_server_that_is_away_delays_the_mail(sink, make):
    url = sink.url
    await sink.stop()
    with pytest.raises(MailDelayed, match="cannot be reached"):
        await make(url).send(new_id(), letter())


# -- credentials and TLS ----------------------------------------------------------------------


async def test_credentials_open_a_server_that_wants_them(make):
    sink = Sink()
    async with sink.running(
        authenticator=only(USER, PASSWORD), auth_required=True, auth_require_tls=False
    ) as url:
        await make(url.replace("//", f"//{CREDENTIALS}")).send(new_id(), letter())
        assert len(sink.taken) == 1
        with pytest.raises(MailDelayed, match="wants a user name and password"):
            await make(url).send(new_id(), letter())


async def test_wrong_credentials_delay_the_mail_without_telling_them(make, caplog):
    sink = Sink()
    async with sink.running(
        authenticator=only(USER, "something else"), auth_required=True, auth_require_tls=False
    ) as url:
        transport = make(url.replace("//", f"//{CREDENTIALS}"))
        with pytest.raises(MailDelayed, match="refuses our user name or password: 535") as caught:
            await transport.send(new_id(), letter())
    assert PASSWORD not in str(caught.value) + repr(transport.__dict__) + caplog.text


async def test_a_server_that_echoes_the_password_is_not_repeated(make):
    server = ScriptedServer(EHLO="250-scripted\r\n250 AUTH PLAIN", AUTH=f"535 {PASSWORD} is wrong")
    async with server.running() as url:
        with pytest.raises(MailDelayed) as caught:
            await make(url.replace("//", f"//{CREDENTIALS}")).send(new_id(), letter())
    assert "535 *** is wrong" in str(caught.value)


async def test_starttls_is_used_where_offered(make, tmp_path):
    certificate, context = self_made_certificate(tmp_path)
    sink = Sink()
    async with sink.running(
        tls_context=context,
        require_starttls=True,
        authenticator=only(USER, PASSWORD),
        auth_required=True,
    ) as url:
        trusting = f"{url.replace('//', f'//{CREDENTIALS}')}?ca={certificate}"
        await make(trusting).send(new_id(), letter())
        assert [taken.over_tls for taken in sink.taken] == [True]


async def test_a_certificate_nobody_vouches_for_delays_the_mail(make, tmp_path):
    _, context = self_made_certificate(tmp_path)
    sink = Sink()
    async with sink.running(tls_context=context) as url:
        with pytest.raises(MailDelayed, match="certificate we do not trust"):
            await make(url).send(new_id(), letter())
        await make(f"{url}?starttls=off").send(new_id(), letter())
    assert [taken.over_tls for taken in sink.taken] == [False]


async def test_where_starttls_is_required_nothing_goes_in_the_clear(sink, make):
    with pytest.raises(MailDelayed, match="STARTTLS"):
        await make(f"{sink.url}?starttls=required").send(new_id(), letter())
    assert sink.taken == []


async def test_a_server_that_begins_with_tls(make, tmp_path):
    certificate, context = self_made_certificate(tmp_path)
    sink = Sink()
    async with sink.running(ssl=context) as url:
        smtps = url.replace("smtp:", "smtps:")
        await make(f"{smtps}?ca={certificate}").send(new_id(), letter())
        assert len(sink.taken) == 1
        with pytest.raises(MailDelayed, match="certificate we do not trust"):
            await make(smtps).send(new_id(), letter())


async def test_tls_where_the_server_does_not_speak_it(sink, make):
    with pytest.raises(MailDelayed, match="TLS"):
        await make(sink.url.replace("smtp:", "smtps:")).send(new_id(), letter())
