"""Whatever a mail says, its message is whole and says the same."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.mail import Mail
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
