"""Whatever a mail says, its message is whole and says the same."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.mail import CalendarPart, Mail, MailRefused
from quadrangle.mail.message import compose, parse_sender

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LINES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"), max_size=200
) | st.sampled_from(["=?utf-8?q?a=0D=0ABcc:_eve@b.example?=", "x" * 300, "😀" * 80, " a  b "])
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=1000)


def words(text: str) -> str:
    """White space may fold."""
    return " ".join(text.split())


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


@given(subject=LINES, name=LINES.filter(lambda n: not set('<>"') & set(n)), text=TEXTS)
def test_any_text_makes_a_message_that_reads_the_same(subject, name, text):
    sender = parse_sender(f"{name} <mail@campus.example>")
    mail = Mail("key", "ada@campus.example", subject, text, f"<p>{text}</p>")
    envelope = compose("id-1", mail, sender, NOW)
    assert envelope.message.isascii()
    assert all(len(line) <= 998 for line in envelope.message.split(b"\r\n"))
    message = message_from_bytes(envelope.message, policy=policy.default)
    assert words(message["Subject"]) == words(subject)
    # Python's reader puts a space between the encoded words of a long name
    shown = message["From"].addresses[0].display_name
    assert "".join(shown.split()) == "".join(name.split())
    assert message["From"].addresses[0].addr_spec == "mail@campus.example"
    assert message["To"] == "ada@campus.example"
    assert message["Bcc"] is None
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert lines(plain.get_content()) == lines(text)
    assert lines(html.get_content()) == lines(f"<p>{text}</p>")


SENDER = parse_sender("Quadrangle <mail@campus.example>")


def with_calendar(method: str, content: str) -> bytes:
    calendar = CalendarPart(method, content)
    mail = Mail("key", "ada@campus.example", "Hello", "Text", "<p>Text</p>", calendar=calendar)
    return compose("id-1", mail, SENDER, NOW).message


def shape(part: EmailMessage) -> object:
    """The kinds of a message's parts, those of one part beside it."""
    inner = [shape(each) for each in part.iter_parts()]
    return (part.get_content_type(), inner) if inner else part.get_content_type()


def test_a_calendar_comes_as_one_more_way_to_show_the_mail_and_as_a_file():
    content = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    sent = with_calendar("REQUEST", content)
    assert b"\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n" in sent
    message = message_from_bytes(sent, policy=policy.default)
    ways = ["text/plain", "text/html", "text/calendar"]
    assert shape(message) == (
        "multipart/mixed",
        [("multipart/alternative", ways), "application/ics"],
    )
    (*_, part) = next(message.iter_parts()).iter_parts()
    assert not part.is_attachment()
    (file,) = message.iter_attachments()
    assert file.get_filename() == "invite.ics"
    assert part.get_payload(decode=True) == file.get_content() == content.encode()


@given(content=TEXTS)
def test_a_calendar_arrives_octet_for_octet(content):
    envelope = with_calendar("CANCEL", content)
    assert envelope.isascii()
    message = message_from_bytes(envelope, policy=policy.default)
    (*_, part) = next(message.iter_parts()).iter_parts()
    assert part.get_payload(decode=True) == content.encode()


@pytest.mark.parametrize("method", ["", "request", "REQUEST; x=y", "REQUEST\r\nBcc: eve@b.example"])
def test_a_method_that_could_be_more_than_one_is_refused(method):
    with pytest.raises(MailRefused):
        with_calendar(method, "BEGIN:VCALENDAR")


def test_a_host_in_any_script_is_told_as_dns_has_it():
    envelope = compose("id-1", Mail("key", "a@münchen.example", "Hello", "", ""), SENDER, NOW)
    assert (envelope.recipient, envelope.utf8) == ("a@xn--mnchen-3ya.example", False)
    assert b"To: a@xn--mnchen-3ya.example\r\n" in envelope.message
    assert compose("id-1", Mail("key", "jörg@b.example", "Hello", "", ""), SENDER, NOW).utf8
