"""What an SMTP URL may say."""

import pytest

from quadrangle.machine.mail.smtp import SmtpTransport, describe
from quadrangle.machine.mail.smtp_url import SmtpServer, parse


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.campus.example", SmtpServer("mail.campus.example", 25, False, None)),
        ("smtp://mail.campus.example:2525/", SmtpServer("mail.campus.example", 2525, False, None)),
        (
            "smtp://mail.campus.example?starttls=required",
            SmtpServer("mail.campus.example", 25, False, True),
        ),
        ("smtps://mail.campus.example", SmtpServer("mail.campus.example", 465, True, False)),
        (
            "smtp://post%40campus:p%3A%2F%40ss@[::1]:587?starttls=off&ca=/etc/ca.pem",
            SmtpServer("::1", 587, False, False, "post@campus", "p:/@ss", "/etc/ca.pem"),
        ),
    ],
)
def test_an_smtp_url_names_the_server(url, server):
    assert parse(url) == server


def test_a_password_goes_only_over_tls_unless_the_server_is_this_machine():
    assert parse("smtp://user:password@mail.campus.example").starttls is True
    assert parse("smtp://user:password@mail.campus.example").port == 587
    assert parse("smtp://user:password@mail.campus.example?starttls=offered").starttls is None
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert parse(f"smtp://user:password@{host}").starttls is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.campus.example",
        "http://user:hush-hush@mail.campus.example",
        "smtp://",
        "smtp://user:hush-hush@",
        "smtp://user:hush-hush@mail.campus.example:many",
        "smtp://user:hush-hush/x@mail.campus.example",
        "smtp://user:hush-hush#x@mail.campus.example",
        "smtp://user:hush-hush@mail.campus.example/path",
        "smtp://user:hush-hush@mail.campus.example?starttls=perhaps",
        "smtp://user:hush-hush@mail.campus.example?tls=on",
        "smtps://user:hush-hush@mail.campus.example?starttls=required",
        "smtp://user:hush-hush@[::1",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_in_a_sentence_without_secrets(url):
    with pytest.raises(ValueError, match="SMTP URL") as caught:
        SmtpTransport(url, "mail@campus.example")
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_is_shown_without_its_secrets():
    url = "smtp://user:hush-hush@mail.campus.example"
    assert describe(url) == "mail.campus.example:587"
    assert "hush" not in repr(parse(url))
    assert describe("smtps://[2001:db8::1]") == "[2001:db8::1]:465"


@pytest.mark.parametrize("sender", ["", "Quadrangle", "Q <no address>", "a@b.example\r\nBcc: x"])
def test_a_sender_that_is_no_address_is_refused(sender):
    with pytest.raises(ValueError, match="sender of mails"):
        SmtpTransport("smtp://localhost", sender)
