"""What a text of one line may hold."""

import pytest

from quadrangle.kernel.text import Checked, ascii_host, is_email


def line(value: str) -> tuple[str, list[str]]:
    checked = Checked()
    return checked.line("name", value, 100), [error.message for error in checked.errors]


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b", "\u3164\u2060", "\u2800 \u2800"])
def test_what_shows_nothing_is_nothing(nothing: str):
    assert line(nothing)[1] == ["Please fill this in."]


def test_what_shows_nothing_within_a_name_goes():
    assert line("A\u200bd\ufeffa Lo\u00advelace\u2060") == ("Ada Lovelace", [])
    assert line("A\u034fd\u3164a\U000e0041\u180e")[0] == "Ada"
    assert line("\u200dAd\u200ba\u200d Lo\u200cvel\ufe0face\u200c")[0] == "Ada Lovelace"


@pytest.mark.parametrize(
    "sign",
    ["\u200b", "\u2800", "\u3164", "\u00ad", "\u2060", "\ufeff", "\u034f", "\u17b4", "\ufe0f"],
)
def test_a_text_of_what_shows_nothing_is_none(sign: str):
    checked = Checked()
    checked.text("description", sign * 3, 100)
    assert [error.message for error in checked.errors] == ["Please fill this in."]
    checked = Checked()
    assert checked.optional_text("description", sign, 100) == ""
    assert checked.optional_line("name", sign, 100) is None
    assert not checked.errors


@pytest.mark.parametrize(
    "name",
    ["می\u200cخواهم", "👩\u200d🏫 Ada", "❤\ufe0f\u200d🔥", "क्\u200dष", "José", "Ada\u0301", "李"],
)
def test_names_of_any_script_stay_as_they_are(name: str):
    assert line(name) == (name, [])


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f"])
def test_a_name_turns_nothing_around(sign: str):
    assert line(f"Ada{sign}gro")[1] == ["This contains a sign that turns the direction of a text."]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example",
        "jörg@münchen.example",
        "a@xn--mnchen-3ya.example",
        "a@例え.テスト",
        "a@1.example",
    ],
)
def test_addresses_of_any_script_are_taken(address: str):
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *("a@1.2.3.4", "a@[1.2.3.4]", "a@b.4", "a@b", "a@.example", "a@b..example", "@b.example"),
        *("a@-b.example", "a@b-.example", "a@ⓜünchen.example", "a@mu\u0308nchen.example"),
        *("a@b_c.example", "a b@c.example", "a@b@c.example", "a@" + "ü" * 60 + ".example"),
    ],
)
def test_what_no_mail_reaches_is_no_address(address: str):
    assert not is_email(address)


def test_a_host_is_written_as_dns_has_it():
    assert ascii_host("München.example") == "xn--mnchen-3ya.example"
    assert ascii_host("Faß.example") == "xn--fa-hia.example"
    assert ascii_host("b.Example") == "b.Example"
